using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A smooth hollow with a slightly raised rim.</summary>
internal sealed record Dent(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var radius = random.Between(5, 11);
        var centre = surface.PointOnPart(random, radius);
        var depth = radius * random.Between(0.10f, 0.22f);
        var stretch = random.Between(0.7f, 1);
        var axis = Surface.Direction(random.Angle());
        surface.PaintNear(centre, 1.5f * radius, (i, point) =>
        {
            var offset = point - centre;
            var across = Vector2.Dot(offset, axis) / stretch;
            var along = axis.X * offset.Y - axis.Y * offset.X;
            var t = (across * across + along * along) / (radius * radius);
            surface.Height[i] += depth * (0.15f * MathF.Exp(-6 * (t - 1) * (t - 1)) - MathF.Exp(-2.5f * t * t));
        });
    }
}
