using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>A part and the ground behind it before light falls on them: what a scene lays out and a defect damages. Planes are row-major, one value per
/// pixel; lengths are in units, of which 256 span the picture at every size, so that a drawing looks the same at every size.</summary>
internal sealed class Surface
{
    public const float Extent = 256;

    /// <param name="size">Width and height in pixels.</param>
    /// <param name="pose">Where the part lies.</param>
    public Surface(int size, Pose pose)
    {
        Size = size;
        Pose = pose;
        Pixel = Extent / size;
        var count = size * size;
        Coverage = new float[count];
        Height = new float[count];
        Gloss = new float[count];
        Ink = new float[count];
        Albedo = new Vector3[count];
        InkColour = new Vector3[count];
        Ground = new Vector3[count];
    }

    public int Size { get; }

    public Pose Pose { get; }

    /// <summary>The width of a pixel in units.</summary>
    public float Pixel { get; }

    /// <summary>How much of the pixel the part covers, 0 to 1; the rest shows the ground.</summary>
    public float[] Coverage { get; private init; }

    /// <summary>Height of the part's surface in units; only differences matter.</summary>
    public float[] Height { get; private init; }

    /// <summary>Strength of mirror-like reflection, 0 (matt) and up.</summary>
    public float[] Gloss { get; private init; }

    /// <summary>How much of the pixel is printed, 0 to 1.</summary>
    public float[] Ink { get; private init; }

    /// <summary>Linear colour of the part.</summary>
    public Vector3[] Albedo { get; private init; }

    /// <summary>Linear colour of the print.</summary>
    public Vector3[] InkColour { get; private init; }

    /// <summary>Linear colour of what lies behind the part.</summary>
    public Vector3[] Ground { get; private init; }

    /// <summary>Direction of the fine grooves of machined metal, unit vectors; null for other materials.</summary>
    public Vector2[]? Grain { get; set; }

    /// <summary>Width of highlights along the grooves and across them (Ward's roughness).</summary>
    public Vector2 Roughness { get; set; } = new(0.3f, 0.3f);

    /// <summary>Places of interest in part coordinates: printed marks, drilled holes.</summary>
    public IReadOnlyList<Site> Sites { get; set; } = [];

    public Surface Copy() => new(Size, Pose)
    {
        Coverage = [.. Coverage],
        Height = [.. Height],
        Gloss = [.. Gloss],
        Ink = [.. Ink],
        Albedo = [.. Albedo],
        InkColour = [.. InkColour],
        Ground = [.. Ground],
        Grain = Grain is null ? null : [.. Grain],
        Roughness = Roughness,
        Sites = Sites,
    };

    /// <summary>Visits every pixel with its index and its centre in picture coordinates.</summary>
    public void Paint(Action<int, Vector2> brush) => Paint(0, 0, Size - 1, Size - 1, brush);

    /// <summary>Visits the pixels of the square around a disc in picture coordinates.</summary>
    public void PaintNear(Vector2 centre, float radius, Action<int, Vector2> brush)
    {
        int Column(float position) => Math.Clamp((int)(position / Pixel), 0, Size - 1);
        if (centre.X + radius < 0 || centre.Y + radius < 0 || centre.X - radius > Extent || centre.Y - radius > Extent)
            return;
        Paint(Column(centre.X - radius), Column(centre.Y - radius), Column(centre.X + radius), Column(centre.Y + radius), brush);
    }

    /// <summary>Share of a pixel inside a shape, from the signed distance (units, negative inside) of its centre to the outline.</summary>
    public float Inside(float distance) => Math.Clamp(0.5f - distance / Pixel, 0, 1);

    /// <summary>The pixel that holds a point of the picture; points outside give the nearest pixel.</summary>
    public int IndexAt(Vector2 point)
    {
        var x = Math.Clamp((int)(point.X / Pixel), 0, Size - 1);
        var y = Math.Clamp((int)(point.Y / Pixel), 0, Size - 1);
        return y * Size + x;
    }

    /// <summary>Makes a pixel look like another place of a surface of the same size: everything but the ground, interpolated between pixels.</summary>
    /// <param name="index">The pixel to change.</param>
    /// <param name="source">Where to look; another surface than this one, since this one changes.</param>
    /// <param name="point">The place to copy, in picture coordinates.</param>
    public void CopyFrom(int index, Surface source, Vector2 point)
    {
        var x = Math.Clamp(point.X / Pixel - 0.5f, 0, Size - 1.001f);
        var y = Math.Clamp(point.Y / Pixel - 0.5f, 0, Size - 1.001f);
        int column = (int)x, row = (int)y, corner = row * Size + column;
        float u = x - column, v = y - row;
        Span<(int Index, float Weight)> taps =
            [(corner, (1 - u) * (1 - v)), (corner + 1, u * (1 - v)), (corner + Size, (1 - u) * v), (corner + Size + 1, u * v)];
        Coverage[index] = Height[index] = Gloss[index] = Ink[index] = 0;
        Albedo[index] = Vector3.Zero;
        foreach (var (tap, weight) in taps)
        {
            Coverage[index] += weight * source.Coverage[tap];
            Height[index] += weight * source.Height[tap];
            Gloss[index] += weight * source.Gloss[tap];
            Ink[index] += weight * source.Ink[tap];
            Albedo[index] += weight * source.Albedo[tap];
        }
        InkColour[index] = source.InkColour[source.IndexAt(point)];
    }

    /// <summary>A random point of the picture with nothing but the part within <paramref name="margin"/> units.</summary>
    public Vector2 PointOnPart(RandomStream random, float margin) =>
        FindPoint(random, margin, point => Neighbourhood(point, margin).All(p => Coverage[IndexAt(p)] > 0.99f));

    /// <summary>A random point of the part's outline, outer or inner.</summary>
    public Vector2 PointOnOutline(RandomStream random) =>
        FindPoint(random, 4 * Pixel, point => Coverage[IndexAt(point)] is > 0.05f and < 0.95f);

    private static IEnumerable<Vector2> Neighbourhood(Vector2 point, float radius)
    {
        yield return point;
        for (var k = 0; k < 8; k++)
            yield return point + radius * Direction(k * MathF.PI / 4);
    }

    /// <summary>The unit vector at an angle in radians.</summary>
    public static Vector2 Direction(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));

    private static Vector2 FindPoint(RandomStream random, float margin, Func<Vector2, bool> suits)
    {
        for (var attempt = 0; attempt < 100_000; attempt++)
        {
            var point = new Vector2(Extent / 2) + random.Offset(Extent / 2 - margin);
            if (suits(point))
                return point;
        }
        throw new InvalidOperationException("The part has no place for this defect.");
    }

    private void Paint(int left, int top, int right, int bottom, Action<int, Vector2> brush)
    {
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
                brush(y * Size + x, new Vector2((x + 0.5f) * Pixel, (y + 0.5f) * Pixel));
    }
}
