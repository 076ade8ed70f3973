using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>Air under the printed film: a smooth blister that catches the light.</summary>
internal sealed record Bubble(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var radius = random.Between(6, 13);
        var centre = surface.PointOnPart(random, radius);
        var height = radius * random.Between(0.16f, 0.34f);
        surface.PaintNear(centre, radius, (i, point) =>
        {
            var t = Vector2.DistanceSquared(point, centre) / (radius * radius);
            if (t < 1)
                surface.Height[i] += height * (1 - t) * (1 - t) * (1 + t);
        });
    }
}
