using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A slit in cloth that gapes in the middle; its edges are raised and frayed.</summary>
internal sealed record Cut(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var curve = Curve.Stroke(surface.PointOnPart(random, 16), random.Angle(), random.Between(24, 60), 0.1f, random);
        var gape = random.Between(0.9f, 3);
        var seed = random.NoiseSeed();
        curve.Paint(surface, gape + 6, (i, point, distance, position, _) =>
        {
            var taper = MathF.Sqrt(4 * position * (1 - position));
            var opening = gape * taper * (1 + 0.35f * Noise.Smooth(point.X / 3, point.Y / 3, seed));
            var edge = taper * Shape.Step(opening + 3, opening, distance);
            surface.Coverage[i] *= 1 - surface.Inside(distance - opening);
            surface.Height[i] += 0.8f * edge;
            surface.Albedo[i] *= 1 + 0.45f * edge * (1 + Noise.Smooth(point.X * 0.8f, point.Y * 0.8f, seed + 1));
        });
    }
}
