using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Growth rings cut lengthwise or across, with pores and knots; other colours make agate and layered rock.</summary>
internal sealed class Wood : PictureFamily
{
    public override string Name => "wood";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var turn = Matrix3x2.CreateRotation(random.Angle());
        var stretch = new Vector2(1, random.NextBool() ? random.Between(0.03f, 0.2f) : random.Between(0.3f, 1));
        float rings = random.Between(4, 40), wobble = random.Between(0.02f, 0.4f), pores = random.Between(0, 0.5f), knot = random.Between(0, 0.5f);
        Vector2 pith = random.Offset(1.2f), at = new(random.Between(0, 1), random.Between(0, 1));
        var seed = random.NoiseSeed();
        return Fill(size, point =>
        {
            var p = stretch * (Vector2.Transform(point, turn) - pith);
            var pull = knot * MathF.Exp(-30 * Vector2.DistanceSquared(point, at));
            var radius = p.Length() + pull + wobble * 0.3f * Noise.Fractal(4 * p.X, 4 * p.Y, seed, 3);
            var ring = rings * radius;
            var saw = ring - MathF.Floor(ring);
            var pore = pores * Math.Max(0, Noise.Smooth(300 * p.X, 60 * p.Y, seed + 7) - 0.2f);
            return palette.At(saw * saw * (0.7f + 0.3f * Noise.Uniform((int)MathF.Floor(ring), 0, seed))) * (1 - pore);
        });
    }
}
