using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>A few colours that belong together, and the blends between them.</summary>
internal sealed class Palette
{
    private readonly Vector3[] _colours;

    /// <summary>Two to six colours around a tone, from nearly gray to vivid.</summary>
    public Palette(RandomStream random)
    {
        _colours = new Vector3[random.NextInt(2, 6)];
        var vividness = random.NextBool() ? random.Between(0, 0.25f) : random.Between(0.2f, 1);
        var tone = random.Between(0, 1);
        var spread = random.Between(0.02f, 0.5f);
        float dark = random.Between(0, 0.6f), bright = random.Between(dark + 0.2f, 1.1f);
        for (var i = 0; i < _colours.Length; i++)
        {
            var hue = tone + random.Between(-spread, spread);
            _colours[i] = Colour(hue, vividness * random.Between(0.5f, 1), random.Between(dark, bright));
        }
    }

    public int Count => _colours.Length;

    /// <summary>One of the colours; the index wraps.</summary>
    public Vector3 this[uint index] => _colours[index % _colours.Length];

    /// <summary>The blend at a position, 0 for the first colour and 1 for the last; positions beyond are mirrored back.</summary>
    public Vector3 At(float position)
    {
        var within = MathF.Abs(position % 2);
        if (within > 1)
            within = 2 - within;
        var place = within * (_colours.Length - 1);
        var index = Math.Min((int)place, _colours.Length - 2);
        return Vector3.Lerp(_colours[index], _colours[index + 1], place - index);
    }

    private static Vector3 Colour(float hue, float saturation, float value)
    {
        Vector3 pure = new(Wave(hue), Wave(hue + 2 / 3f), Wave(hue + 1 / 3f));
        return value * Vector3.Lerp(Vector3.One, pure, saturation);

        static float Wave(float hue) => Math.Clamp(MathF.Abs(6 * (hue - MathF.Floor(hue)) - 3) - 1, 0, 1);
    }
}
