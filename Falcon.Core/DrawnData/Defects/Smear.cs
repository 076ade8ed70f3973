using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>Ink that was wiped while wet.</summary>
internal sealed record Smear(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var mark = random.Pick(surface.Sites);
        var centre = mark.Centre + random.Offset(0.8f) * mark.HalfSize;
        var blob = Blob.Draw(surface.Pose.ToPicture(centre), random.Between(14, 24), 0.4f, random);
        var wipe = Surface.Direction(random.Angle());
        var reach = random.Between(10, 18);
        var strength = random.Between(0.75f, 1);
        var wet = surface.Copy();
        blob.Paint(surface, 0, (i, point, distance) =>
        {
            float ink = 0, total = 0;
            var colour = wet.InkColour[i];
            for (var step = 0f; step < reach; step += 1)
            {
                var source = wet.IndexAt(point - step * wipe);
                var weight = 1 - step / reach;
                ink += weight * wet.Ink[source];
                total += weight;
                if (wet.Ink[source] > 0.2f)
                    colour = wet.InkColour[source];
            }
            var streak = 0.8f + 0.5f * Noise.Smooth(Vector2.Dot(point, new Vector2(-wipe.Y, wipe.X)) / 1.5f, 0, blob.Seed + 7);
            var wiped = strength * streak * Shape.Step(0, -6, distance);
            surface.Ink[i] = Math.Clamp(wet.Ink[i] + wiped * 2 * (ink / total) * (1 - wet.Ink[i]), 0, 1);
            surface.InkColour[i] = colour;
        });
    }
}
