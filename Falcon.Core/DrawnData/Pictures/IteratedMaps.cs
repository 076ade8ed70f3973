using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>The attractor of a few random affine maps (Barnsley, "Fractals everywhere", 1988), shown as the density of a point that jumps about.</summary>
internal sealed class IteratedMaps : PictureFamily
{
    private const int Jumps = 150_000, Warmup = 50;

    public override string Name => "iterated maps";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        Palette ground = new(random), palette = new(random);
        var maps = Enumerable.Range(0, random.NextInt(2, 6)).Select(_ => Contraction(random)).ToList();
        var density = new float[size * size];
        var tone = new float[size * size];
        var zoom = random.Between(0.15f, 0.4f);
        Vector2 point = default;
        var shade = 0f;
        for (var jump = 0; jump < Jumps; jump++)
        {
            var map = random.NextInt(0, maps.Count - 1);
            point = Vector2.Transform(point, maps[map]);
            shade = 0.6f * shade + 0.4f * map / (maps.Count - 1);
            var (x, y) = ((int)(size * (0.5f + zoom * point.X)), (int)(size * (0.5f + zoom * point.Y)));
            if (jump < Warmup || x < 0 || y < 0 || x >= size || y >= size)
                continue;
            density[y * size + x]++;
            tone[y * size + x] = shade;
        }
        var seed = random.NoiseSeed();
        var brightest = MathF.Log(1 + density.Max());
        return Fill(size, place =>
        {
            var i = (int)(place.Y * size) * size + (int)(place.X * size);
            var behind = ground.At(0.5f + 0.5f * Noise.Fractal(3 * place.X, 3 * place.Y, seed, 3));
            return Vector3.Lerp(behind, palette.At(tone[i]), MathF.Sqrt(MathF.Log(1 + density[i]) / brightest));
        });
    }

    private static Matrix3x2 Contraction(RandomStream random) =>
        Matrix3x2.CreateScale(random.Between(0.3f, 0.85f), random.Between(0.3f, 0.85f)) * Matrix3x2.CreateSkew(random.Between(-0.4f, 0.4f), 0)
        * Matrix3x2.CreateRotation(random.Angle()) * Matrix3x2.CreateTranslation(random.Offset(1));
}
