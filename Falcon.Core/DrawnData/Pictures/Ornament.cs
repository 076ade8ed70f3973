using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>A printed pattern: one or two motifs repeated on a square or shifted lattice, of changing size or colour, on plain or mottled ground.</summary>
internal sealed class Ornament : PictureFamily
{
    public override string Name => "ornament";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var (repeats, turn) = (MathF.Exp(random.Between(1, 3.6f)), Matrix3x2.CreateRotation(random.NextBool() ? 0 : random.Angle()));
        int motif = random.NextInt(0, 5), second = random.NextInt(0, 5), petals = random.NextInt(3, 8);
        float radius = random.Between(0.2f, 0.48f), row = random.NextBool() ? 0.5f : 0, swell = random.NextBool() ? random.Between(0, 0.5f) : 0, uneven = random.Between(0, 0.4f);
        var alternating = random.NextBool();
        var seed = random.NoiseSeed();
        return Fill(size, point =>
        {
            var p = repeats * Vector2.Transform(point, turn);
            var line = (int)MathF.Floor(p.Y);
            p.X += row * line;
            var column = (int)MathF.Floor(p.X);
            var within = new Vector2(p.X - column - 0.5f, p.Y - line - 0.5f);
            var odd = (column + line & 1) == 1;
            var large = radius * (1 + swell * Noise.Smooth(column / 4f, line / 4f, seed));
            var distance = Distance(alternating && odd ? second : motif, within, large, petals);
            var ink = Math.Clamp(0.5f - distance * size / repeats, 0, 1);
            var paper = palette[0] * (1 + uneven * Noise.Fractal(20 * point.X, 20 * point.Y, seed + 1, 3));
            return Vector3.Lerp(paper, palette[1 + (odd ? 1u : 0u)], ink);
        });
    }

    private static float Distance(int motif, Vector2 p, float radius, int petals) => motif switch
    {
        0 => p.Length() - radius,
        1 => MathF.Abs(p.Length() - radius) - 0.2f * radius,
        2 => Shape.RoundedBox(p, new Vector2(radius), 0.2f * radius),
        3 => MathF.Abs(p.X) - 0.5f * radius,
        4 => p.Length() - radius * (0.65f + 0.35f * MathF.Cos(petals * MathF.Atan2(p.Y, p.X))),
        _ => Math.Min(MathF.Abs(p.X + p.Y), MathF.Abs(p.X - p.Y)) - 0.25f * radius,
    };
}
