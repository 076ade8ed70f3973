using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A spot of a mark where the ink did not take, or hardly.</summary>
internal sealed record MissingPrint(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var mark = random.Pick(surface.Sites);
        var centre = mark.Centre + random.Offset(1) * mark.HalfSize;
        var blob = Blob.Draw(surface.Pose.ToPicture(centre), random.Between(8, 20), 0.5f, random);
        var loss = random.Between(0.75f, 1);
        blob.Paint(surface, 1, (i, point, distance) =>
        {
            var speckle = 0.25f * Noise.Smooth(point.X / 1.5f, point.Y / 1.5f, blob.Seed + 7);
            surface.Ink[i] *= 1 - loss * Math.Clamp(Shape.Step(1, -2, distance) + Math.Min(0, speckle), 0, 1);
        });
    }
}
