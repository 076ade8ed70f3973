using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>Draws in the types that drawing uses.</summary>
internal static class RandomDraws
{
    public static float Between(this RandomStream random, float low, float high) => (float)random.NextDouble(low, high);

    /// <summary>A point with both coordinates in [-reach, reach).</summary>
    public static Vector2 Offset(this RandomStream random, float reach) => new(random.Between(-reach, reach), random.Between(-reach, reach));

    /// <summary>An angle of a full turn, in radians.</summary>
    public static float Angle(this RandomStream random) => random.Between(-MathF.PI, MathF.PI);

    /// <summary>A seed for <see cref="Noise"/>.</summary>
    public static uint NoiseSeed(this RandomStream random) => (uint)random.NextBits();

    public static T Pick<T>(this RandomStream random, IReadOnlyList<T> items) => items[random.NextInt(0, items.Count - 1)];
}
