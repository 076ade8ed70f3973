using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Light alone: gradients, soft spots, shadows with soft and hard edges, smooth glass and plastic.</summary>
internal sealed class Glow : PictureFamily
{
    public override string Name => "glow";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var direction = random.Between(0, 1.5f) * Surface.Direction(random.Angle());
        var spots = Enumerable.Range(0, random.NextInt(1, 8)).Select(_ => new Spot(
            new Vector2(random.Between(0, 1), random.Between(0, 1)), MathF.Exp(random.Between(-3.5f, 0)), palette[(uint)random.NextInt(0, 5)] * random.Between(-0.8f, 0.9f),
            random.Between(0.02f, 1), random.Between(0.3f, 1), random.Angle())).ToList();
        return Fill(size, point => spots.Aggregate(palette.At(0.5f + Vector2.Dot(direction, point - new Vector2(0.5f))), (colour, spot) => colour + spot.At(point)));
    }

    private sealed record Spot(Vector2 Centre, float Radius, Vector3 Colour, float Softness, float Flatness, float Angle)
    {
        public Vector3 At(Vector2 p)
        {
            var q = Vector2.Transform(p - Centre, Matrix3x2.CreateRotation(Angle));
            return Colour * Shape.Step(1, 1 - Softness, new Vector2(q.X, q.Y / Flatness).Length() / Radius);
        }
    }
}
