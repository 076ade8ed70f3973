using System.Runtime.InteropServices;

namespace Falcon.Weights;

/// <summary>Weights of eight bits: whole numbers from −127 to 127 (I8), and for each output a factor that they are multiplied with when read, <c>NAME_scale</c>
/// (C) float32. A quarter of the bytes; kernels of ResNet-18 differ by 0.9 to 1.6 % (root mean square).</summary>
public static class EightBitWeights
{
    /// <summary>What stands behind a tensor's name in that of its factors.</summary>
    internal const string ScaleSuffix = "_scale";

    private const int Largest = sbyte.MaxValue;

    // Cutting off few large weights makes the steps of all others finer: of these shares of the largest weight, the one with the least squared error.
    private static readonly double[] Ranges = [.. Enumerable.Range(0, 41).Select(i => 0.6 + 0.01 * i)];

    /// <summary>A tensor of weights as whole numbers and their factors.</summary>
    /// <param name="weights">(C, …) float32, for each of the C outputs its weights, all of them finite.</param>
    /// <returns>Two tensors: (C, …) I8 of the same name, and the factors.</returns>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static IReadOnlyList<StoredTensor> Of(StoredTensor weights)
    {
        if (weights.Type != ElementType.Float32 || weights.Shape.Count < 2 || weights.Bytes.IsEmpty)
            throw new ArgumentException($"'{weights.Name}' is no float32 tensor of weights of several outputs.", nameof(weights));
        var values = MemoryMarshal.Cast<byte, float>(weights.Bytes.Span);
        foreach (var value in values)
            if (!float.IsFinite(value))
                throw new ArgumentException($"'{weights.Name}' holds numbers that are not finite.", nameof(weights));
        var scales = new float[weights.Shape[0]];
        var rounded = new sbyte[values.Length];
        var each = values.Length / scales.Length;
        for (var output = 0; output < scales.Length; output++)
        {
            var row = values.Slice(output * each, each).ToArray();
            scales[output] = Scale(row);
            for (var i = 0; i < each; i++)
                rounded[output * each + i] = (sbyte)Rounded(row[i], scales[output]);
        }
        return
        [
            new(weights.Name, ElementType.Int8, weights.Shape, MemoryMarshal.AsBytes(rounded.AsSpan()).ToArray()),
            StoredTensor.Of(weights.Name + ScaleSuffix, scales, scales.Length),
        ];
    }

    private static float Scale(float[] weights)
    {
        double largest = weights.Max(Math.Abs);
        return largest == 0 ? 1 : Ranges.Select(range => (float)(largest * range / Largest)).MinBy(scale => weights.Sum(weight => Square(weight - Rounded(weight, scale) * (double)scale)));
    }

    private static double Rounded(float weight, float scale) => Math.Clamp(Math.Round(weight / (double)scale), -Largest, Largest);

    private static double Square(double value) => value * value;
}
