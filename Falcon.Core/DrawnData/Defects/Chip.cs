using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>A piece broken out of an edge, with a bright fracture around it.</summary>
internal sealed record Chip(string Name) : Defect(Name)
{
    public override void Apply(Surface surface, RandomStream random)
    {
        var blob = Blob.Draw(surface.PointOnOutline(random), random.Between(4, 10), 0.5f, random);
        var fracture = random.Between(1.5f, 3.5f);
        blob.Paint(surface, fracture + 1, (i, point, distance) =>
        {
            var broken = Shape.Step(fracture, 0, distance) * (0.7f + 0.3f * Noise.Smooth(point.X / 2, point.Y / 2, blob.Seed));
            surface.Coverage[i] *= 1 - surface.Inside(distance);
            surface.Height[i] -= 2.5f * broken;
            surface.Ink[i] *= 1 - broken;
            surface.Albedo[i] *= 1 + 0.5f * broken;
            surface.Gloss[i] *= 1 - 0.6f * broken;
        });
    }
}
