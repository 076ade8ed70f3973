namespace Falcon.Randomness;

/// <summary>A deterministic stream of random numbers (xoshiro256**, Blackman and Vigna 2018, state filled by SplitMix64). The same seed gives the
/// same numbers on every machine. Not safe for use from several threads at once.</summary>
public sealed class RandomStream
{
    private readonly ulong[] _state = new ulong[4];

    /// <param name="seed">Any 64-bit number; see <see cref="MasterSeed.StreamSeed"/> for the seed of a purpose.</param>
    public RandomStream(ulong seed)
    {
        for (var i = 0; i < 4; i++)
        {
            seed += 0x9E3779B97F4A7C15;
            var z = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            _state[i] = z ^ (z >> 31);
        }
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var s = _state;
        var result = ulong.RotateLeft(s[1] * 5, 7) * 9;
        var t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = ulong.RotateLeft(s[3], 45);
        return result;
    }

    /// <summary>A whole number between <paramref name="low"/> and <paramref name="high"/>, both included, without bias.</summary>
    public int NextInt(int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(high, low);
        var count = (ulong)((long)high - low + 1);
        var limit = ulong.MaxValue - (ulong.MaxValue % count + 1) % count;
        ulong bits;
        do
            bits = NextBits();
        while (bits > limit);
        return (int)(low + (long)(bits % count));
    }

    /// <summary>True or false with equal chance.</summary>
    public bool NextBool() => (NextBits() >> 63) != 0;

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>A normally distributed number with mean 0 and standard deviation 1 (Box–Muller, two draws each).</summary>
    public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts the items in a uniformly random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(0, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
