using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A liquid that soaked in: it tints what lies under it, most at its rim.</summary>
/// <param name="Name">See <see cref="Defect"/>.</param>
/// <param name="Tint">Share of each colour that the strongest stain lets through.</param>
internal sealed record Stain(string Name, Vector3 Tint) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var radius = random.Between(9, 22);
        var blob = Blob.Draw(surface.PointOnPart(random, radius / 2), radius, 0.45f, random);
        var strength = random.Between(0.5f, 1);
        blob.Paint(surface, 2, (i, point, distance) =>
        {
            var rim = Shape.Step(0.3f * radius, 0, MathF.Abs(distance + 0.1f * radius));
            var mottle = 0.85f + 0.25f * Noise.Smooth(point.X / 6, point.Y / 6, blob.Seed + 7);
            var soaked = strength * mottle * Shape.Step(1.5f, -3, distance) * (0.75f + 0.25f * rim);
            surface.Albedo[i] *= Vector3.Lerp(Vector3.One, Tint, Math.Clamp(soaked, 0, 1));
        });
    }
}
