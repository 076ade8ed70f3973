using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>Prints marks on a surface, in part coordinates. Every mark returns its place, so that a defect can find it.</summary>
/// <param name="surface">What is printed on.</param>
/// <param name="registration">How far the whole print is shifted, in units.</param>
/// <param name="density">How opaque the ink is, 0 to 1.</param>
/// <param name="seed">Seed of the mottle of the ink.</param>
internal sealed class Press(Surface surface, Vector2 registration, float density, uint seed)
{
    /// <summary>A solid box with rounded corners.</summary>
    public Site Plate(Vector2 centre, Vector2 halfSize, float cornerRadius, Vector3 colour)
    {
        Apply(centre, halfSize, colour, p => Shape.RoundedBox(p - centre, halfSize, cornerRadius), false);
        return Mark(centre, halfSize);
    }

    /// <summary>A line of text.</summary>
    /// <param name="text">Letters that <see cref="StrokeFont"/> knows.</param>
    /// <param name="corner">Upper left corner.</param>
    /// <param name="height">Height of the capitals.</param>
    /// <param name="colour">Colour of the ink.</param>
    public Site Text(string text, Vector2 corner, float height, Vector3 colour) => Write(text, corner, height, colour, false);

    /// <summary>A line of text left blank in what was printed before.</summary>
    public Site KnockOut(string text, Vector2 corner, float height) => Write(text, corner, height, default, true);

    /// <summary>A ring with a diving bird, left blank in what was printed before.</summary>
    public Site Badge(Vector2 centre, float radius)
    {
        var box = new Vector2(radius);
        Apply(centre, box, default, p => MathF.Abs(Shape.Disc(p, centre, radius - 1)) - 1, true);
        Vector2[] bird = [new(-0.6f, -0.45f), new(0, 0.1f), new(0.6f, -0.45f), new(0.1f, 0.55f), new(-0.1f, 0.55f)];
        var outline = Array.ConvertAll(bird, b => centre + radius * b);
        Apply(centre, box, default, p => Polygon(p, outline), true);
        return Mark(centre, box);
    }

    /// <summary>Bars of the four widths of Code 128, a fixed pattern for every digit.</summary>
    public Site BarCode(string digits, Vector2 corner, Vector2 size, Vector3 colour)
    {
        var widths = digits.SelectMany(digit => Enumerable.Range(0, 6).Select(k => 1 + (int)(Noise.Hash(digit, k, 3) % 3))).ToArray();
        var module = size.X / widths.Sum();
        var left = corner.X;
        for (var k = 0; k < widths.Length; k++)
        {
            var width = widths[k] * module;
            if (k % 2 == 0)
                Plate(new Vector2(left + width / 2, corner.Y + size.Y / 2), new Vector2(width / 2, size.Y / 2), 0, colour);
            left += width;
        }
        return Mark(corner + size / 2, size / 2);
    }

    /// <summary>A square code of 10 × 10 cells with a solid left and lower edge.</summary>
    public Site MatrixCode(Vector2 corner, float size, Vector3 colour)
    {
        const int Cells = 10;
        var cell = size / Cells;
        for (var row = 0; row < Cells; row++)
            for (var column = 0; column < Cells; column++)
            {
                var edge = column == 0 || row == Cells - 1 || row == 0 && column % 2 == 0 || column == Cells - 1 && row % 2 == 1;
                var inner = row > 0 && column < Cells - 1 && Noise.Uniform(column, row, 5) < 0.5f;
                if (edge || inner)
                    Plate(corner + cell * new Vector2(column + 0.5f, row + 0.5f), new Vector2(cell / 2), 0, colour);
            }
        return Mark(corner + new Vector2(size / 2), new Vector2(size / 2));
    }

    private Site Write(string text, Vector2 corner, float height, Vector3 colour, bool erase)
    {
        var cell = height / StrokeFont.Height;
        var half = 0.5f * cell;
        var pen = corner;
        foreach (var letter in text)
        {
            foreach (var (from, to) in StrokeFont.Strokes(letter))
            {
                Vector2 a = pen + cell * from, b = pen + cell * to;
                Apply((a + b) / 2, Vector2.Abs(a - b) / 2 + new Vector2(half), colour, p => Shape.Segment(p, a, b) - half, erase);
            }
            pen.X += cell * StrokeFont.Advance;
        }
        var size = new Vector2(pen.X - corner.X - cell * (StrokeFont.Advance - StrokeFont.Width), height);
        return Mark(corner + size / 2, size / 2 + new Vector2(half));
    }

    private Site Mark(Vector2 centre, Vector2 halfSize) => new(centre + registration, halfSize);

    private void Apply(Vector2 centre, Vector2 halfSize, Vector3 colour, Func<Vector2, float> distance, bool erase)
    {
        var pose = surface.Pose;
        surface.PaintNear(pose.ToPicture(centre + registration), pose.Scale * halfSize.Length() + surface.Pixel, (i, point) =>
        {
            var inside = surface.Inside(pose.Scale * distance(pose.ToPart(point) - registration));
            if (inside == 0)
                return;
            if (erase)
            {
                surface.Ink[i] *= 1 - inside;
                return;
            }
            var mottle = 1 - 0.12f * Math.Max(0, Noise.Smooth(point.X / 2.5f, point.Y / 2.5f, seed));
            surface.Ink[i] = Math.Max(surface.Ink[i], inside * density * mottle);
            surface.InkColour[i] = colour;
        });
    }

    /// <summary>Signed distance to a polygon.</summary>
    private static float Polygon(Vector2 p, Vector2[] corners)
    {
        var distance = float.MaxValue;
        var inside = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            Vector2 a = corners[i], b = corners[j];
            distance = Math.Min(distance, Shape.Segment(p, a, b));
            if (a.Y > p.Y != b.Y > p.Y && p.X < (b.X - a.X) * (p.Y - a.Y) / (b.Y - a.Y) + a.X)
                inside = !inside;
        }
        return inside ? -distance : distance;
    }
}
