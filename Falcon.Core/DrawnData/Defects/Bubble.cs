using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>Air under the printed film: a smooth blister that catches the light.</summary>
internal sealed record Bubble(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var radius = random.Between(8, 15);
        var centre = surface.PointOnPart(random, radius);
        var height = radius * random.Between(0.28f, 0.45f);
        surface.PaintNear(centre, radius, (i, point) =>
        {
            var t = Vector2.DistanceSquared(point, centre) / (radius * radius);
            if (t >= 1)
                return;
            var lifted = (1 - t) * (1 - t) * (1 + t);
            surface.Height[i] += height * lifted;
            surface.Ink[i] *= 1 - 0.4f * lifted;
            surface.Albedo[i] *= 1 + 0.08f * lifted;
        });
    }
}
