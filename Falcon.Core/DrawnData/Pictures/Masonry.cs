using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Rows of tiles, bricks, planks or keys with joints, bevels and a tone of their own.</summary>
internal sealed class Masonry : PictureFamily
{
    public override string Name => "masonry";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        Palette palette = new(random), joints = new(random);
        var (rows, turn) = (MathF.Exp(random.Between(0.8f, 3)), Matrix3x2.CreateRotation(random.NextBool() ? 0 : random.Angle()));
        float width = random.Between(0.7f, 5), shift = random.NextBool() ? 0.5f : random.Between(0, 1), joint = random.Between(0.02f, 0.15f);
        float bevel = random.Between(0.02f, 0.2f), round = random.Between(0, 0.3f), mottle = random.Between(0, 0.6f), grain = random.Between(3, 25);
        var light = Surface.Direction(random.Angle());
        var seed = random.NoiseSeed();
        return Fill(size, point =>
        {
            var p = rows * Vector2.Transform(point, turn);
            var row = (int)MathF.Floor(p.Y);
            var along = p.X / width + shift * row;
            var column = (int)MathF.Floor(along);
            var within = new Vector2((along - column - 0.5f) * width, p.Y - row - 0.5f);
            var half = new Vector2(width / 2 - joint, 0.5f - joint);
            var distance = Shape.RoundedBox(within, half, round * Math.Min(half.X, half.Y));
            var texture = 1 + mottle * Noise.Fractal(grain * point.X * rows / 4, grain * point.Y * rows / 4, seed + 4, 4);
            if (distance > 0)
                return joints[0] * texture;
            var slope = Shape.Step(-bevel, 0, distance) * Vector2.Dot(light, Vector2.Normalize(within / half + new Vector2(1e-4f)));
            return palette.At(Noise.Uniform(column, row, seed)) * texture * (1 + 0.4f * slope);
        });
    }
}
