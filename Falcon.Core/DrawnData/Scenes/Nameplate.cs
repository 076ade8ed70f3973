using System.Numerics;
using Falcon.DrawnData.Defects;
using Falcon.Randomness;

namespace Falcon.DrawnData.Scenes;

/// <summary>A printed nameplate riveted to a painted housing: a coloured band with a badge, lines of text, a bar code and a matrix code. The print sits a little
/// differently on every plate.</summary>
internal sealed class Nameplate : Scene
{
    private static readonly Vector2 HalfSize = new(110, 84);
    private static readonly Vector2 BandCentre = new(0, -53);
    private static readonly Vector2 BandHalfSize = new(84, 19);
    private static readonly Vector3 Black = new(0.02f, 0.02f, 0.025f);
    private static readonly Vector3 Blue = new(0.03f, 0.13f, 0.30f);

    public override string Name => "nameplate";

    private protected override IReadOnlyList<Defect> Defects { get; } =
    [
        new MissingPrint("missing_print"),
        new DoublePrint("double_print"),
        new Smear("smear"),
        new Scratch("scratch", new Vector3(0.20f, 0.19f, 0.17f), 0.3f),
        new Bubble("bubble"),
        new Chip("broken_edge"),
    ];

    private protected override Studio Studio { get; } = new(new Vector3(40, -30, 300), new Vector3(0.95f), 0.4f, 5);

    private protected override Surface Lay(int size, RandomStream random)
    {
        var centre = new Vector2(128) + random.Offset(4);
        var pose = new Pose(centre, random.Between(-0.03f, 0.03f), random.Between(0.99f, 1.01f));
        var seed = random.NoiseSeed();
        var surface = new Surface(size, pose) { Roughness = new Vector2(0.22f) };
        LayPlate(surface, seed);
        var registration = random.Offset(0.4f);
        surface.Sites = Print(new Press(surface, registration, random.Between(0.92f, 1f), seed + 20));
        foreach (var corner in Corners(HalfSize - new Vector2(10)))
            Rivet(surface, pose.ToPicture(corner), 4.6f * pose.Scale);
        return surface;
    }

    private static void LayPlate(Surface surface, uint seed) => surface.Paint((i, point) =>
    {
        var p = surface.Pose.ToPart(point);
        var outline = Shape.RoundedBox(p, HalfSize, 9) * surface.Pose.Scale;
        var peel = Noise.Fractal(point.X / 3.2f, point.Y / 3.2f, seed, 2);
        surface.Ground[i] = (1 + 0.16f * peel + 0.1f * Noise.Smooth(point.X / 60, point.Y / 60, seed + 2)) * new Vector3(0.085f, 0.095f, 0.10f);
        surface.Coverage[i] = surface.Inside(outline);
        surface.Height[i] = -1.2f * Shape.Step(-3, 0.5f, outline) + 0.10f * Noise.Fractal(p.X / 14, p.Y / 14, seed + 3, 2);
        surface.Albedo[i] = (1 + 0.015f * Noise.Smooth(p.X / 50, p.Y / 50, seed + 5)) * new Vector3(0.60f, 0.585f, 0.53f);
        surface.Gloss[i] = 0.10f;
    });

    /// <summary>Prints everything and returns where the marks are.</summary>
    private static List<Site> Print(Press press)
    {
        press.Plate(BandCentre, BandHalfSize, 4, Blue);
        return
        [
            press.Badge(BandCentre - new Vector2(62, 0), 14),
            press.KnockOut("FALCON", BandCentre + new Vector2(-40, -9), 18),
            press.Text("TYPE FX-20", new Vector2(-94, -22), 13, Black),
            press.Text("24 V", new Vector2(-94, 2), 13, Black),
            press.Text("IP 65", new Vector2(-25, 2), 13, Black),
            press.BarCode("7041", new Vector2(-94, 32), new Vector2(112, 28), Black),
            press.MatrixCode(new Vector2(44, -19), 54, Black),
        ];
    }

    private static IEnumerable<Vector2> Corners(Vector2 half) =>
        [new(-half.X, -half.Y), new(half.X, -half.Y), new(-half.X, half.Y), new(half.X, half.Y)];

    /// <summary>A domed metal rivet head.</summary>
    private static void Rivet(Surface surface, Vector2 centre, float radius) => surface.PaintNear(centre, radius + 1, (i, point) =>
    {
        var distance = Vector2.Distance(point, centre);
        var inside = surface.Inside(distance - radius);
        surface.Albedo[i] = Vector3.Lerp(surface.Albedo[i], new Vector3(0.22f), inside);
        surface.Gloss[i] += inside * (0.7f - surface.Gloss[i]);
        surface.Height[i] += 0.45f * MathF.Sqrt(Math.Max(0, radius * radius - distance * distance));
    });
}
