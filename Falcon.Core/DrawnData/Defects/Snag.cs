using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A thread that was caught and pulled: the cloth around it is dragged along.</summary>
internal sealed record Snag(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var centre = surface.PointOnPart(random, 24);
        var angle = surface.Pose.Angle + (random.NextBool() ? 0 : MathF.PI / 2);
        var along = Surface.Direction(angle);
        var across = Surface.Direction(angle + MathF.PI / 2);
        float length = random.Between(14, 28), width = random.Between(4, 8), pull = random.Between(4.5f, 9);
        var cloth = surface.Copy();
        surface.PaintNear(centre, 3 * length, (i, point) =>
        {
            var offset = point - centre;
            float a = Vector2.Dot(offset, along) / length, b = Vector2.Dot(offset, across) / width;
            var drag = MathF.Exp(-a * a - b * b);
            if (drag < 0.02f)
                return;
            surface.CopyFrom(i, cloth, point + pull * drag * along);
            surface.Height[i] += 1.2f * drag;
            surface.Albedo[i] *= 1 + 0.15f * drag;
        });
    }
}
