using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Metal with fine parallel or turned grooves, a highlight, stains, and often scratches and pits.</summary>
internal sealed class BrushedMetal : PictureFamily
{
    public override string Name => "brushed metal";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var tint = random.Between(0.15f, 0.75f) * new Vector3(1, random.Between(0.93f, 1.03f), random.Between(0.85f, 1.08f));
        var turn = Matrix3x2.CreateRotation(random.Angle());
        var turned = random.NextInt(0, 2) == 0;
        float fineness = MathF.Exp(random.Between(3.5f, 6)), length = random.Between(0.5f, 8), depth = random.Between(0.05f, 0.5f), stain = random.Between(0, 0.5f);
        Vector2 centre = new(random.Between(0, 1), random.Between(0, 1)), lamp = new(random.Between(-0.5f, 1.5f), random.Between(-0.5f, 1.5f));
        var shine = random.Between(0, 0.8f);
        var seed = random.NoiseSeed();
        var levels = Fill(size, point =>
        {
            var p = turned ? new Vector2(Vector2.Distance(point, centre), length * MathF.Atan2(point.Y - centre.Y, point.X - centre.X)) : Vector2.Transform(point, turn);
            var groove = Noise.Fractal(fineness * p.X, length * p.Y, seed, 3);
            var patch = stain * Noise.Fractal(4 * point.X, 4 * point.Y, seed + 10, 4);
            var light = shine * MathF.Exp(-4 * Vector2.DistanceSquared(point, lamp));
            return tint * (1 + depth * groove) * (1 - Math.Max(0, patch)) + new Vector3(light * (1 + depth * groove));
        });
        for (var scratch = random.NextInt(-6, 12); scratch > 0; scratch--)
            Scratch(levels, size, random);
        return levels;
    }

    private static void Scratch(Vector3[] levels, int size, RandomStream random)
    {
        Vector2 at = new(random.Between(0, size), random.Between(0, size)), step = 0.7f * Surface.Direction(random.Angle());
        var (bright, bend) = (random.Between(-0.4f, 0.5f), Matrix3x2.CreateRotation(random.Between(-0.01f, 0.01f)));
        for (var left = random.NextInt(size / 10, size); left > 0; left--, at += step, step = Vector2.Transform(step, bend))
        {
            var (x, y) = ((int)at.X, (int)at.Y);
            if (x >= 0 && y >= 0 && x < size && y < size)
                levels[y * size + x] = levels[y * size + x] * (1 + bright) + new Vector3(0.2f * bright);
        }
    }
}
