using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>A few thin lines on an even ground, alone, in sheaves of parallels and in rings: scratches, engravings, seams, tracks, scales.</summary>
internal sealed class ThinLines : PictureFamily
{
    public override string Name => "thin lines";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        Palette ground = new(random), lines = new(random);
        var seed = random.NoiseSeed();
        float scale = random.Between(1, 6), unrest = random.Between(0, 0.3f), grain = random.NextBool() ? random.Between(0, 0.08f) : 0;
        var levels = Fill(size, point => ground.At(0.5f + unrest * Noise.Fractal(scale * point.X, scale * point.Y, seed, 2))
            * (1 + grain * Noise.Fractal(size * point.X, size * point.Y, seed + 1, 1)));
        for (var group = random.NextInt(3, 24); group > 0; group--)
        {
            Vector2 at = new(random.Between(0, size), random.Between(0, size));
            var colour = lines.At(random.Between(0, 1)) * random.Between(0.3f, 1.3f);
            float angle = random.Angle(), thick = MathF.Exp(random.Between(-0.5f, 1.2f)), length = random.Between(size / 20f, size);
            switch (random.NextInt(0, 2))
            {
                case 0:
                    Fibres.Lay(levels, size, at, angle, random.Between(-0.01f, 0.01f), length, thick, colour);
                    break;
                case 1:
                    var apart = thick * random.Between(2, 8) * Surface.Direction(angle + MathF.PI / 2);
                    for (var line = random.NextInt(3, 25); line > 0; line--)
                        Fibres.Lay(levels, size, at + line * apart, angle, 0, length / 3, thick, colour);
                    break;
                default:
                    var radius = random.Between(4, size / 6f);
                    Fibres.Lay(levels, size, at, angle, Math.Max(0.7f, thick / 3) / radius, random.Between(1, 2 * MathF.PI) * radius, thick, colour);
                    break;
            }
        }
        return levels;
    }
}
