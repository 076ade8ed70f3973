using System.Numerics;
using Falcon.DrawnData.Defects;
using Falcon.Randomness;

namespace Falcon.DrawnData.Scenes;

/// <summary>A turned steel flange with a bore, a raised hub and six countersunk holes, lying anyhow on a dark mat. The tool left concentric grooves, so
/// its highlights are fans.</summary>
internal sealed class Flange : Scene
{
    private const float OuterRadius = 100, BoreRadius = 23, HubRadius = 50, HolePitch = 75, HoleRadius = 8;
    private const int HoleCount = 6;

    public override string Name => "flange";

    private protected override IReadOnlyList<Defect> Defects { get; } =
    [
        new Scratch("scratch", new Vector3(0.45f), 0.15f),
        new Dent("dent"),
        new Chip("chip"),
        new Crack("crack"),
        new Rust("rust"),
        new Undrilled("missing_hole", 2 * MathF.PI / HoleCount),
    ];

    private protected override Studio Studio { get; } = new(new Vector3(60, -20, 260), new Vector3(1.0f), 0.3f, 7);

    private protected override Surface Lay(int size, RandomStream random)
    {
        var centre = new Vector2(128) + random.Offset(7);
        var pose = new Pose(centre, random.Angle(), random.Between(0.98f, 1.02f));
        var seed = random.NoiseSeed();
        var surface = new Surface(size, pose)
        {
            Grain = new float[size * size],
            Roughness = new Vector2(0.13f, 0.5f),
            Sites = [.. Holes.Select(hole => new Site(hole, new Vector2(HoleRadius + 4)))],
        };
        surface.Paint((i, point) =>
        {
            var p = pose.ToPart(point);
            var radius = p.Length();
            var hole = NearestHole(p);
            surface.Ground[i] = Mat(point, seed);
            surface.Coverage[i] = surface.Inside(pose.Scale * Math.Max(Math.Max(radius - OuterRadius, BoreRadius - radius), HoleRadius - hole));
            surface.Height[i] = Profile(radius, hole) + 0.035f * Noise.Smooth(radius * 0.55f, 0.5f, seed);
            var turning = Noise.Fractal(radius * 0.35f, 0.5f, seed + 1, 3);
            var blotch = Noise.Smooth(p.X / 30, p.Y / 30, seed + 4);
            surface.Albedo[i] = (0.13f + 0.02f * turning + 0.008f * blotch) * new Vector3(1, 1.01f, 1.03f);
            surface.Gloss[i] = 0.8f * (1 + 0.22f * turning + 0.05f * blotch);
            surface.Grain[i] = MathF.Atan2(p.Y, p.X) + pose.Angle + MathF.PI / 2;
        });
        return surface;
    }

    private static IEnumerable<Vector2> Holes =>
        Enumerable.Range(0, HoleCount).Select(k => HolePitch * Surface.Direction(2 * MathF.PI * k / HoleCount));

    private static float NearestHole(Vector2 p)
    {
        const float Sector = 2 * MathF.PI / HoleCount;
        var angle = MathF.Atan2(p.Y, p.X);
        return Vector2.Distance(p, HolePitch * Surface.Direction(Sector * MathF.Round(angle / Sector)));
    }

    /// <summary>Height over the radius: chamfered rim, flat face with a groove, step up to the hub, chamfered bore; countersinks around the holes.</summary>
    private static float Profile(float radius, float hole)
    {
        var rim = -2.2f * Shape.Step(OuterRadius - 5, OuterRadius + 1, radius);
        var hub = 3.5f * Shape.Step(HubRadius + 3, HubRadius, radius);
        var bore = -2.5f * Shape.Step(BoreRadius + 5, BoreRadius - 1, radius);
        var groove = -0.5f * Shape.Step(1.6f, 0, MathF.Abs(radius - 57));
        var countersink = -2.2f * Shape.Step(HoleRadius + 3.5f, HoleRadius - 0.5f, hole);
        return rim + hub + bore + groove + countersink;
    }

    private static Vector3 Mat(Vector2 p, uint seed)
    {
        var fleece = 1 + 0.25f * Noise.Fractal(p.X / 2.4f, p.Y / 2.4f, seed + 5, 2) + 0.12f * Noise.Smooth(p.X / 40, p.Y / 40, seed + 8);
        return fleece * new Vector3(0.030f, 0.042f, 0.055f);
    }
}
