using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Noise of many scales, bent by other noise: clouds, marble, smoke, rust, concrete.</summary>
internal sealed class Clouds : PictureFamily
{
    public override string Name => "clouds";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var seed = random.NoiseSeed();
        float scale = MathF.Exp(random.Between(0.7f, 4)), bend = random.NextBool() ? random.Between(0, 3) : 0, contrast = random.Between(0.6f, 3);
        var stretch = new Vector2(random.NextBool() ? 1 : random.Between(0.1f, 1), 1);
        var octaves = random.NextInt(1, 6);
        var ridged = random.NextBool();
        return Fill(size, point =>
        {
            var p = scale * stretch * point;
            var warp = bend * new Vector2(Noise.Fractal(p.X, p.Y, seed + 50, 2), Noise.Fractal(p.X, p.Y, seed + 60, 2));
            var value = Noise.Fractal(p.X + warp.X, p.Y + warp.Y, seed, octaves);
            return palette.At(ridged ? contrast * MathF.Abs(value) : 0.5f + 0.5f * contrast * value);
        });
    }
}
