using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A hole of a ring that was not drilled: the place looks as the part does half a hole further around its centre.</summary>
/// <param name="Name">See <see cref="Defect"/>.</param>
/// <param name="Spacing">Angle from one hole to the next, in radians.</param>
internal sealed record Undrilled(string Name, float Spacing) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var hole = random.Pick(surface.Sites);
        var pose = surface.Pose;
        var drilled = surface.Copy();
        var turn = Matrix3x2.CreateRotation(Spacing / 2);
        surface.PaintNear(pose.ToPicture(hole.Centre), pose.Scale * hole.HalfSize.X, (i, point) =>
        {
            var part = pose.ToPart(point);
            if (Vector2.Distance(part, hole.Centre) < hole.HalfSize.X)
                surface.CopyFrom(i, drilled, pose.ToPicture(Vector2.Transform(part, turn)));
        });
    }
}
