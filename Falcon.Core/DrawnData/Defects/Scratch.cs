using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>One to three fine grooves that lay the bare material open and take the print away.</summary>
/// <param name="Name">See <see cref="Defect"/>.</param>
/// <param name="Bare">Linear colour of the bare material.</param>
/// <param name="Shine">How much the groove shines.</param>
internal sealed record Scratch(string Name, Vector3 Bare, float Shine) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var middle = surface.PointOnPart(random, 8);
        var angle = random.Angle();
        var strength = random.Between(0.6f, 1);
        var lines = random.NextInt(1, 3);
        for (var line = 0; line < lines; line++)
        {
            var curve = Curve.Stroke(middle + random.Offset(4), angle + random.Between(-0.06f, 0.06f), random.Between(35, 85), 0.07f, random);
            var width = random.Between(0.8f, 1.6f);
            var seed = random.NoiseSeed();
            curve.Paint(surface, width + surface.Pixel, (i, _, distance, position, direction) =>
            {
                var pressure = Shape.Step(0, 0.15f, position) * Shape.Step(1, 0.85f, position) * (0.8f + 0.5f * Noise.Smooth(position * 9, line, seed));
                var depth = strength * Math.Clamp(pressure, 0, 1) * surface.Inside(distance - width);
                surface.Height[i] -= 0.5f * depth;
                surface.Ink[i] *= 1 - depth;
                surface.Albedo[i] = Vector3.Lerp(surface.Albedo[i], Bare, depth);
                surface.Gloss[i] += depth * (Shine - surface.Gloss[i]);
                if (surface.Grain is { } grain && depth > 0.3f)
                    grain[i] = direction;
            });
        }
    }
}
