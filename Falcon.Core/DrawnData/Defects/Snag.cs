using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A thread that was caught and pulled: the cloth around it is dragged along, and a loop of the thread stands out.</summary>
internal sealed record Snag(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var centre = surface.PointOnPart(random, 24);
        var angle = surface.Pose.Angle + (random.NextBool() ? 0 : MathF.PI / 2);
        var along = Surface.Direction(angle);
        var across = Surface.Direction(angle + MathF.PI / 2);
        float length = random.Between(16, 30), width = random.Between(5, 9), pull = random.Between(6, 12);
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
        });
        Loop(surface, Curve.Stroke(centre, angle, random.Between(0.5f, 1.1f) * length, 0.25f, random), 1.3f * cloth.Albedo[cloth.IndexAt(centre)]);
    }

    private static void Loop(Surface surface, Curve curve, Vector3 colour) => curve.Paint(surface, 3, (i, _, distance, _, _) =>
    {
        var thread = surface.Inside(distance - 1.2f);
        surface.Albedo[i] = Vector3.Lerp(surface.Albedo[i] * (1 - 0.6f * Shape.Step(3, 1, distance)), colour, thread);
        surface.Height[i] += 1.5f * thread;
    });
}
