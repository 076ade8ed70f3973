using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Many bent lines over one another: hair, grass, felt, wires, cables.</summary>
internal sealed class Fibres : PictureFamily
{
    public override string Name => "fibres";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        Palette palette = new(random), ground = new(random);
        var seed = random.NoiseSeed();
        var levels = Fill(size, point => ground.At(0.5f + 0.5f * Noise.Fractal(4 * point.X, 4 * point.Y, seed, 3)));
        float main = random.Angle(), spread = random.Between(0.1f, MathF.PI), curl = random.Between(0, 0.06f), thick = MathF.Exp(random.Between(-0.5f, 2.2f)) * size / 320;
        for (var fibre = (int)(random.NextInt(150, 700) / thick); fibre >= 0; fibre--)
        {
            var colour = palette.At(random.Between(0, 1)) * random.Between(0.6f, 1.2f);
            Lay(levels, size, random, main + random.Between(-spread, spread), curl, thick * random.Between(0.6f, 1.2f), colour);
        }
        return levels;
    }

    private static void Lay(Vector3[] levels, int size, RandomStream random, float angle, float curl, float thick, Vector3 colour)
    {
        Vector2 start = new(random.Between(0, size), random.Between(0, size));
        Lay(levels, size, start, angle, random.Between(-curl, curl), random.NextInt(size / 8, size), thick, colour);
    }

    /// <summary>A line that is lit from one side.</summary>
    /// <param name="levels">The picture.</param>
    /// <param name="size">Its sides in pixels.</param>
    /// <param name="at">Where it begins, in pixels.</param>
    /// <param name="angle">Where it goes at first, in radians.</param>
    /// <param name="turn">By how much it turns at each step, of a third of its thickness or 0.7 pixels.</param>
    /// <param name="length">In pixels.</param>
    /// <param name="thick">In pixels.</param>
    /// <param name="colour">Its colour.</param>
    internal static void Lay(Vector3[] levels, int size, Vector2 at, float angle, float turn, float length, float thick, Vector3 colour)
    {
        var light = Surface.Direction(0.8f);
        var step = Math.Max(0.7f, thick / 3);
        for (var left = (int)(length / step); left > 0; left--, angle += turn)
        {
            var along = Surface.Direction(angle);
            at += step * along;
            var reach = (int)MathF.Ceiling(thick);
            for (var y = Math.Max(0, (int)at.Y - reach); y <= Math.Min(size - 1, (int)at.Y + reach); y++)
                for (var x = Math.Max(0, (int)at.X - reach); x <= Math.Min(size - 1, (int)at.X + reach); x++)
                {
                    var offset = new Vector2(x + 0.5f, y + 0.5f) - at;
                    var inside = Math.Clamp(thick / 2 + 0.5f - offset.Length(), 0, 1);
                    if (inside > 0)
                        levels[y * size + x] = Vector3.Lerp(levels[y * size + x], colour * (0.8f + 0.4f * Vector2.Dot(offset, light) / thick), inside);
                }
        }
    }
}
