using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A hole torn into cloth, with loose ends of thread reaching into it.</summary>
internal sealed record Hole(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var radius = random.Between(4, 12);
        var blob = Blob.Draw(surface.PointOnPart(random, radius + 6), radius, 0.5f, random);
        var cloth = surface.Copy();
        blob.Paint(surface, 5, (i, _, distance) =>
        {
            surface.Coverage[i] *= 1 - surface.Inside(distance);
            surface.Height[i] -= 2.5f * Shape.Step(4, 0, distance);
            surface.Albedo[i] *= 1 + 0.25f * Shape.Step(5, 1, distance);
        });
        var ends = random.NextInt(3, 7);
        for (var k = 0; k < ends; k++)
        {
            var angle = random.Angle();
            var root = blob.Centre + 1.25f * radius * Surface.Direction(angle);
            var colour = 1.2f * cloth.Albedo[cloth.IndexAt(root)];
            var end = Curve.Walk(root, angle + MathF.PI, radius * random.Between(0.5f, 1.1f), 6, 0.25f, random);
            end.Paint(surface, 1 + surface.Pixel, (i, _, distance, position, _) =>
            {
                var thread = surface.Inside(distance - 0.9f * (1 - 0.6f * position));
                surface.Coverage[i] = Math.Max(surface.Coverage[i], thread);
                surface.Albedo[i] = Vector3.Lerp(surface.Albedo[i], colour, thread);
            });
        }
    }
}
