using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A hole that was drilled twice, the second time beside the first.</summary>
internal sealed record DoubleHole(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var hole = random.Pick(surface.Sites);
        var radius = surface.Pose.Scale * hole.HalfSize.X;
        var shift = radius * random.Between(0.6f, 1) * Surface.Direction(random.Angle());
        var second = surface.Pose.ToPicture(hole.Centre) + shift;
        var once = surface.Copy();
        var beside = surface.Copy();
        surface.PaintNear(second, radius, (i, point) =>
        {
            if (Vector2.Distance(point, second) > radius)
                return;
            beside.CopyFrom(i, once, point - shift);
            surface.Coverage[i] = Math.Min(surface.Coverage[i], beside.Coverage[i]);
            surface.Height[i] = Math.Min(surface.Height[i], beside.Height[i]);
        });
    }
}
