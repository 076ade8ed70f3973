namespace Falcon.Randomness;

/// <summary>What PyTorch's CPU generator draws after <c>manual_seed</c>, without loading the tensor library: whoever only plans or looks up results does not need
/// that. The generator is MT19937 (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998) on the lower 32 bits of the seed.</summary>
internal sealed class TorchDraws
{
    private const int Length = 624, Middle = 397;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    public TorchDraws(long seed)
    {
        _state[0] = (uint)seed;
        for (var i = 1; i < Length; i++)
            _state[i] = 1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30)) + (uint)i;
    }

    /// <summary>The first numbers of <c>randperm(count)</c>.</summary>
    public IReadOnlyList<int> Permutation(int count, int first)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = 0; i < Math.Min(first, count - 1); i++)
        {
            var other = i + (int)(Next() % (uint)(count - i));
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order[..first];
    }

    /// <summary><c>randint(0, below, (count,))</c>.</summary>
    public IReadOnlyList<int> Integers(int below, int count) => [.. Enumerable.Range(0, count).Select(_ => (int)(Next() % (uint)below))];

    private uint Next()
    {
        if (_next == Length)
            Twist();
        var value = _state[_next++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9D2C5680;
        value ^= (value << 15) & 0xEFC60000;
        return value ^ (value >> 18);
    }

    private void Twist()
    {
        for (var i = 0; i < Length; i++)
        {
            var bits = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7FFFFFFF);
            _state[i] = _state[(i + Middle) % Length] ^ (bits >> 1) ^ ((bits & 1) * 0x9908B0DF);
        }
        _next = 0;
    }
}
