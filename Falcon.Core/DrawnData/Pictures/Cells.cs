using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Cells around scattered points (Worley, "A cellular texture basis function", 1996): pebbles, bubbles, grains, cracked mud, leather.</summary>
internal sealed class Cells : PictureFamily
{
    public override string Name => "cells";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var seed = random.NoiseSeed();
        float scale = MathF.Exp(random.Between(1.2f, 3.9f)), jitter = random.Between(0.3f, 1), rim = random.Between(0.02f, 0.4f);
        var kind = random.NextInt(0, 3);
        var rough = random.Between(0, 0.3f);
        return Fill(size, point =>
        {
            var p = scale * point;
            p += rough * new Vector2(Noise.Fractal(2 * p.X, 2 * p.Y, seed + 70, 3), Noise.Fractal(2 * p.X, 2 * p.Y, seed + 80, 3));
            var (first, second, cell) = Nearest(p, jitter, seed);
            var colour = palette[cell] * (0.8f + 0.4f * ((cell >> 8 & 0xFF) / 255f));
            return kind switch
            {
                0 => colour * Shape.Step(0, rim, second - first),
                1 => palette.At(first),
                2 => colour * (1.1f - 0.8f * first),
                _ => palette.At(second - first),
            };
        });
    }

    /// <summary>Distances to the nearest and the second nearest point, and a number of the nearest one.</summary>
    private static (float First, float Second, uint Cell) Nearest(Vector2 p, float jitter, uint seed)
    {
        var (column, row) = ((int)MathF.Floor(p.X), (int)MathF.Floor(p.Y));
        float first = 9, second = 9;
        uint cell = 0;
        for (var y = row - 1; y <= row + 1; y++)
            for (var x = column - 1; x <= column + 1; x++)
            {
                var place = new Vector2(x + 0.5f + jitter * (Noise.Uniform(x, y, seed) - 0.5f), y + 0.5f + jitter * (Noise.Uniform(x, y, seed + 1) - 0.5f));
                var distance = Vector2.Distance(p, place);
                if (distance < first)
                    (first, second, cell) = (distance, first, Noise.Hash(x, y, seed + 2));
                else if (distance < second)
                    second = distance;
            }
        return (first, second, cell);
    }
}
