using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A few blotches of rust: brown, rough and dull.</summary>
internal sealed record Rust(string Name) : Defect(Name)
{
    private static readonly Vector3 Brown = new(0.20f, 0.075f, 0.025f);

    public override void Apply(Surface surface, RandomStream random)
    {
        var middle = surface.PointOnPart(random, 6);
        var strength = random.Between(0.5f, 1);
        var blotches = random.NextInt(1, 4);
        for (var k = 0; k < blotches; k++)
        {
            var blob = Blob.Draw(middle + random.Offset(k == 0 ? 0 : 14), random.Between(2.5f, k == 0 ? 12 : 6), 0.7f, random);
            blob.Paint(surface, 1.5f, (i, point, distance) =>
            {
                var grain = Noise.Fractal(point.X / 2.5f, point.Y / 2.5f, blob.Seed + 7, 2);
                var rusted = Math.Clamp(strength * (Shape.Step(1.5f, -2.5f, distance) + 0.3f * grain), 0, 1);
                if (distance > 0.5f)
                    rusted *= 0.6f;
                surface.Albedo[i] = Vector3.Lerp(surface.Albedo[i], Brown * (1 + 0.5f * grain), rusted);
                surface.Gloss[i] *= 1 - 0.92f * rusted;
                surface.Height[i] += 0.35f * grain * rusted;
            });
        }
    }
}
