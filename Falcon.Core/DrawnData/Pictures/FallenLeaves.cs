using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Opaque shapes of all sizes that fall on one another, each with a colour and a texture of its own (the dead leaves model; Lee, Mumford and Huang,
/// "Occlusion models for natural images", 2001): edges and scales are distributed as in photos.</summary>
internal sealed class FallenLeaves : PictureFamily
{
    public override string Name => "fallen leaves";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palettes = Enumerable.Range(0, random.NextInt(1, 4)).Select(_ => new Palette(random)).ToList();
        float smallest = random.Between(0.008f, 0.04f), largest = random.Between(0.1f, 0.5f), soft = random.NextBool() ? 0 : random.Between(0, 0.02f);
        var ground = random.Pick(palettes)[0];
        var levels = Fill(size, _ => ground);
        for (var shape = random.NextInt(100, 900); shape > 0; shape--)
        {
            var centre = new Vector2(random.Between(0, 1), random.Between(0, 1));
            var radius = Radius(random.Between(0, 1), smallest, largest);
            Fall(levels, size, random, centre, radius, random.Pick(palettes), soft);
        }
        return levels;
    }

    /// <summary>A radius whose density falls with its third power.</summary>
    private static float Radius(float share, float smallest, float largest)
    {
        float low = 1 / (smallest * smallest), high = 1 / (largest * largest);
        return 1 / MathF.Sqrt(low + share * (high - low));
    }

    private static void Fall(Vector3[] levels, int size, RandomStream random, Vector2 centre, float radius, Palette palette, float soft)
    {
        var (colour, other) = (palette[(uint)random.NextInt(0, 5)], palette[(uint)random.NextInt(0, 5)]);
        var seed = random.NoiseSeed();
        var kind = random.NextInt(0, 3);
        var rotation = Matrix3x2.CreateRotation(random.Angle());
        var half = new Vector2(radius, radius * random.Between(0.25f, 1));
        float grain = MathF.Exp(random.Between(2, 5)), mottle = random.NextBool() ? random.Between(0, 1) : 0, shade = random.Between(-0.4f, 0.4f);
        int Pixel(float place) => Math.Clamp((int)(place * size), 0, size - 1);
        var reach = 1.5f * radius;
        for (var y = Pixel(centre.Y - reach); y <= Pixel(centre.Y + reach); y++)
            for (var x = Pixel(centre.X - reach); x <= Pixel(centre.X + reach); x++)
            {
                var p = Vector2.Transform(new Vector2(x + 0.5f, y + 0.5f) / size - centre, rotation);
                var distance = kind switch
                {
                    0 => p.Length() - radius,
                    1 => Shape.RoundedBox(p, half, 0),
                    2 => (p / half).Length() * half.Y - half.Y,
                    _ => p.Length() - radius * (0.75f + 0.25f * MathF.Sin((3 + seed % 5) * MathF.Atan2(p.Y, p.X))),
                };
                var inside = Math.Clamp(0.5f - distance / (soft + 1f / size), 0, 1);
                if (inside == 0)
                    continue;
                var texture = mottle == 0 ? 0 : mottle * Noise.Fractal(grain * p.X, grain * p.Y, seed, 2);
                var ink = (1 + shade * p.X / radius) * Vector3.Lerp(colour, other, Math.Clamp(0.5f * MathF.Abs(texture) + 0.5f * texture, 0, 1));
                levels[y * size + x] = Vector3.Lerp(levels[y * size + x], ink, inside);
            }
    }
}
