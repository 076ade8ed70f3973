using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A mark that was printed a second time beside itself.</summary>
internal sealed record DoublePrint(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var mark = random.Pick(surface.Sites);
        var shift = random.Between(2.5f, 6) * Surface.Direction(random.Angle());
        var strength = random.Between(0.6f, 1);
        var once = surface.Copy();
        var second = surface.Copy();
        var pose = surface.Pose;
        surface.PaintNear(pose.ToPicture(mark.Centre), pose.Scale * (mark.HalfSize.Length() + 5), (i, point) =>
        {
            var beside = Vector2.Abs(pose.ToPart(point - shift) - mark.Centre) - mark.HalfSize;
            if (Math.Max(beside.X, beside.Y) > 0.5f)
                return;
            second.CopyFrom(i, once, point - shift);
            var ink = strength * second.Ink[i];
            if (ink <= surface.Ink[i])
                return;
            surface.Ink[i] = ink;
            surface.InkColour[i] = second.InkColour[i];
        });
    }
}
