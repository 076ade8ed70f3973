using System.Numerics;
using Falcon.DrawnData.Defects;
using Falcon.Randomness;

namespace Falcon.DrawnData.Scenes;

/// <summary>A turned steel flange with a bore, a raised hub and six countersunk holes, lying on a dark mat, its holes roughly in place. The tool left concentric grooves, so
/// its highlights are fans.</summary>
internal sealed class Flange : Scene
{
    private const float OuterRadius = 100, BoreRadius = 23, HubRadius = 50, HolePitch = 75, HoleRadius = 8;
    private const int HoleCount = 6;
    private static readonly Vector2[] Holes =
        [.. Enumerable.Range(0, HoleCount).Select(k => HolePitch * Surface.Direction(2 * MathF.PI * k / HoleCount))];

    public override string Name => "flange";

    private protected override IReadOnlyList<Defect> Defects { get; } =
    [
        new Scratch("scratch", new Vector3(0.45f), 0.15f),
        new Dent("dent"),
        new Chip("chip"),
        new Crack("crack"),
        new Rust("rust"),
        new DoubleHole("double_hole"),
    ];

    private protected override Studio Studio { get; } = new(new Vector3(60, -20, 260), new Vector3(1.0f), 0.3f, 7);

    private protected override Surface Lay(int size, RandomStream random)
    {
        var centre = new Vector2(128) + random.Offset(6);
        var pose = new Pose(centre, random.NextInt(0, HoleCount - 1) * 2 * MathF.PI / HoleCount + random.Between(-0.16f, 0.16f), random.Between(0.99f, 1.01f));
        var seed = random.NoiseSeed();
        var surface = new Surface(size, pose)
        {
            Grain = new Vector2[size * size],
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
            surface.Height[i] = Profile(radius, hole) + 0.035f * Noise.Smooth(radius * 0.55f, seed);
            surface.Grain[i] = Vector2.Normalize(new Vector2(centre.Y - point.Y, point.X - centre.X));
            if (surface.Coverage[i] == 0)
                return;
            var turning = 0.6f * Noise.Smooth(radius * 0.35f, seed + 1) + 0.4f * Noise.Smooth(radius * 0.8f, seed + 2);
            var blotch = Noise.Smooth(p.X / 30, p.Y / 30, seed + 4);
            surface.Albedo[i] = (0.13f + 0.02f * turning + 0.008f * blotch) * new Vector3(1, 1.01f, 1.03f);
            surface.Gloss[i] = 0.8f * (1 + 0.22f * turning + 0.05f * blotch);
        });
        return surface;
    }

    private static float NearestHole(Vector2 p)
    {
        var nearest = float.MaxValue;
        foreach (var hole in Holes)
            nearest = Math.Min(nearest, Vector2.DistanceSquared(p, hole));
        return MathF.Sqrt(nearest);
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
        var fleece = 1 + 0.25f * Noise.Smooth(p.X / 1.8f, p.Y / 1.8f, seed + 5) + 0.12f * Noise.Smooth(p.X / 40, p.Y / 40, seed + 6);
        return fleece * new Vector3(0.030f, 0.042f, 0.055f);
    }
}
