using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Waves over one another: gratings, ripples, moiré, halftone.</summary>
internal sealed class Gratings : PictureFamily
{
    public override string Name => "gratings";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var waves = Enumerable.Range(0, random.NextInt(1, 5)).Select(_ => new Wave(
            MathF.Exp(random.Between(2.2f, 5)) * Surface.Direction(random.Angle()), random.Angle(), random.Between(0.3f, 1), random.NextInt(0, 3) == 0,
            new Vector2(random.Between(0, 1), random.Between(0, 1)))).ToList();
        float bend = random.NextBool() ? random.Between(0, 0.06f) : 0, sharpness = random.NextBool() ? random.Between(1, 8) : 0.7f;
        var seed = random.NoiseSeed();
        return Fill(size, point =>
        {
            var p = point + bend * new Vector2(Noise.Fractal(5 * point.X, 5 * point.Y, seed, 2), Noise.Fractal(5 * point.X, 5 * point.Y, seed + 9, 2));
            var sum = waves.Sum(wave => wave.At(p)) / waves.Count;
            return palette.At(0.5f + 0.5f * Math.Clamp(sharpness * sum, -1, 1));
        });
    }

    private sealed record Wave(Vector2 Number, float Phase, float Height, bool IsRound, Vector2 Centre)
    {
        public float At(Vector2 p) => Height * MathF.Sin(Phase + (IsRound ? Number.Length() * Vector2.Distance(p, Centre) : Vector2.Dot(Number, p)));
    }
}
