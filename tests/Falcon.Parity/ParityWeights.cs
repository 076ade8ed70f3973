using System.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Parity;

/// <summary>The rule by which the fixtures' networks are filled: every value follows from the tensor's name, so that no weights need to be shipped. FNV-1a of the
/// name, then SplitMix64 per element.</summary>
public static class ParityWeights
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>Fills a module's parameters and buffers.</summary>
    /// <param name="module">Changed in place.</param>
    /// <param name="prefix">Put before each state-dict name, with its final dot.</param>
    public static void Fill(Module module, string prefix)
    {
        using var frozen = no_grad();
        foreach (var (name, tensor) in module.state_dict())
        {
            using var values = Tensor(prefix + name, tensor.shape);
            tensor.copy_(values);
        }
    }

    /// <summary>The tensor of a key: float32, or an int64 zero for a batch counter.</summary>
    /// <param name="key">Prefix and state-dict name.</param>
    /// <param name="shape">Its shape, which is part of the rule.</param>
    public static Tensor Tensor(string key, params long[] shape) =>
        Part(key) == "num_batches_tracked" ? zeros(shape, ScalarType.Int64) : tensor(Values(key, shape), shape);

    /// <summary>The 64-bit FNV-1a hash of a key's UTF-8 bytes.</summary>
    public static ulong Hash(string key)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var value in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ value) * 0x100000001B3;
        return hash;
    }

    /// <summary>The uniform number in [0, 1) of an element.</summary>
    /// <param name="hash">The key's <see cref="Hash"/>.</param>
    /// <param name="index">The element, from 0.</param>
    public static double Uniform(ulong hash, long index)
    {
        var z = hash + (ulong)(index + 1) * GoldenGamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 40) * (1.0 / (1 << 24));
    }

    private static float[] Values(string key, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, side) => product * side)];
        var (isSymmetric, low, range) = Rule(key, shape, values.Length);
        var hash = Hash(key);
        for (var i = 0; i < values.Length; i++)
        {
            var u = Uniform(hash, i);
            values[i] = (float)(isSymmetric ? (2 * u - 1) * range : low + range * u);
        }
        return values;
    }

    private static (bool IsSymmetric, double Low, double Range) Rule(string key, long[] shape, int count) => (Part(key), shape.Length) switch
    {
        ("running_mean", _) => (true, 0, 0.1),
        ("running_var", _) => (false, 0.75, 0.5),
        (_, > 1) => (true, 0, Math.Sqrt(6.0 / (count / shape[0]))),
        ("weight", _) => (false, 0.9, 0.2),
        _ => (true, 0, 0.1),
    };

    private static string Part(string key) => key[(key.LastIndexOf('.') + 1)..];
}
