using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A dark jagged line that starts at an edge of the part and may fork.</summary>
internal sealed record Crack(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var length = random.Between(25, 60);
        var start = surface.PointOnOutline(random);
        var inwards = surface.PointOnPart(random, 4) - start;
        var trunk = Curve.Walk(start, MathF.Atan2(inwards.Y, inwards.X), length, 14, 0.45f, random);
        var width = random.Between(0.6f, 1.3f);
        Open(surface, trunk, width);
        if (random.NextBool())
        {
            var fork = trunk.Points[random.NextInt(4, 9)];
            Open(surface, Curve.Walk(fork, random.Angle(), 0.4f * length, 7, 0.5f, random), 0.7f * width);
        }
    }

    private static void Open(Surface surface, Curve curve, float width) =>
        curve.Paint(surface, width + surface.Pixel, (i, _, distance, position, _) =>
        {
            var gap = surface.Inside(distance - width * (1 - 0.75f * position));
            surface.Height[i] -= 0.6f * gap;
            surface.Albedo[i] *= 1 - 0.85f * gap;
            surface.Gloss[i] *= 1 - 0.95f * gap;
        });
}
