using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A foreign thread that lies on the part and darkens what it touches.</summary>
internal sealed record StrayFibre(string Name) : Defect(Name)
{
    private static readonly Vector3[] Colours = [new(0.62f, 0.60f, 0.56f), new(0.40f, 0.05f, 0.05f), new(0.03f, 0.03f, 0.03f), new(0.50f, 0.35f, 0.08f)];

    public override void Apply(Surface surface, RandomStream random)
    {
        var curve = Curve.Walk(surface.PointOnPart(random, 30), random.Angle(), random.Between(35, 110), 24, 0.35f, random);
        var radius = random.Between(0.8f, 1.9f);
        var colour = random.Pick(Colours);
        var seed = random.NoiseSeed();
        curve.Paint(surface, radius + 4, (i, point, distance, position, _) =>
        {
            var fibre = surface.Inside(distance - radius);
            var contact = 1 - 0.45f * MathF.Exp(-Math.Max(0, distance - radius) / 1.2f);
            var round = MathF.Sqrt(Math.Max(0, radius * radius - distance * distance));
            var twist = 1 + 0.2f * MathF.Sin(position * 90 + 2.5f * distance / radius) + 0.1f * Noise.Smooth(point.X, point.Y, seed);
            surface.Albedo[i] = Vector3.Lerp(surface.Albedo[i] * contact, colour * twist, fibre);
            surface.Height[i] += fibre * (2 + 0.8f * round - surface.Height[i]);
        });
    }
}
