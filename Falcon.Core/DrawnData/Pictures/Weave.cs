using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Cloth of two systems of threads in a random binding, with stripes, slack and shading; coarse ones are baskets and nets.</summary>
internal sealed class Weave : PictureFamily
{
    public override string Name => "weave";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        Palette warp = new(random), weft = new(random);
        var (threads, turn) = (MathF.Exp(random.Between(1.8f, 4.2f)), Matrix3x2.CreateRotation(random.Angle()));
        int over = random.NextInt(1, 4), under = random.NextInt(1, 4), shift = random.NextInt(1, 3), stripe = random.NextInt(1, 8);
        float thickness = random.Between(0.3f, 0.55f), slack = random.Between(0, 0.6f), fuzz = random.Between(0, 0.6f);
        var ground = random.Between(0, 0.2f) * Vector3.One;
        var seed = random.NoiseSeed();
        return Fill(size, point =>
        {
            var p = threads * Vector2.Transform(point, turn);
            p += slack * new Vector2(Noise.Smooth(p.X / 6, p.Y / 6, seed), Noise.Smooth(p.X / 6, p.Y / 6, seed + 1));
            var (column, row) = ((int)MathF.Floor(p.X), (int)MathF.Floor(p.Y));
            var place = ((column + shift * row) % (over + under) + over + under) % (over + under);
            float across = Rise(p.X - column, thickness), along = Rise(p.Y - row, thickness);
            var isWarp = place < over ? across > 0 : along <= 0 && across > 0;
            var height = isWarp ? across : along;
            if (height <= 0)
                return ground;
            var colour = isWarp ? warp[(uint)(column / stripe)] : weft[(uint)(row / stripe)];
            var fibre = isWarp ? Noise.Smooth(8 * p.X, 2 * p.Y, seed + 3) : Noise.Smooth(2 * p.X, 8 * p.Y, seed + 4);
            var dip = 0.75f + 0.25f * MathF.Cos(MathF.PI * (isWarp ? p.Y - row - 0.5f : p.X - column - 0.5f));
            return colour * (0.25f + 0.75f * height) * dip * (1 + 0.5f * fuzz * fibre);
        });
    }

    /// <summary>The round top of a thread in the middle of its cell.</summary>
    private static float Rise(float within, float thickness)
    {
        var t = (within - 0.5f) / thickness;
        return MathF.Sqrt(Math.Max(0, 1 - t * t));
    }
}
