namespace Falcon.Imaging;

/// <summary>
/// The weights of one pass of a separable resize: new pixel i is Σ_k Of(i)[k] · old[First[i] + k] in fixed point with <see cref="FractionBits"/> bits.
/// </summary>
internal sealed class ResamplingWeights
{
    /// <summary>What 8-bit values leave of 32 bits, with two bits of headroom for weights that sum to more than 1 in magnitude (Pillow's precision).</summary>
    public const int FractionBits = 32 - 8 - 2;

    private readonly int _taps;
    private readonly int[] _count, _weights;

    private ResamplingWeights(int newSize, int taps) => (_taps, First, _count, _weights) = (taps, new int[newSize], new int[newSize], new int[newSize * taps]);

    /// <summary>For every new pixel the first old one that matters.</summary>
    public int[] First { get; }

    /// <summary>The weights of a new pixel.</summary>
    public ReadOnlySpan<int> Of(int i) => _weights.AsSpan(i * _taps, _count[i]);

    public static ResamplingWeights Create(int oldSize, int newSize, ResizeFilter filter)
    {
        var (kernel, radius) = Kernel(filter);
        var scale = (double)oldSize / newSize;
        var filterScale = filter == ResizeFilter.PlainBilinear ? 1 : Math.Max(scale, 1);
        var support = radius * filterScale;
        var result = new ResamplingWeights(newSize, (int)Math.Ceiling(support) * 2 + 1);
        Span<double> weights = new double[result._taps];
        for (var i = 0; i < newSize; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var count = Math.Min((int)(centre + support + 0.5), oldSize) - first;
            var sum = 0.0;
            for (var k = 0; k < count; k++) sum += weights[k] = kernel((k + first - centre + 0.5) * (1 / filterScale));
            for (var k = 0; k < count; k++) result._weights[i * result._taps + k] = ToFixedPoint(sum == 0 ? weights[k] : weights[k] / sum);
            (result.First[i], result._count[i]) = (first, count);
        }
        return result;
    }

    private static int ToFixedPoint(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));

    private static (Func<double, double> Kernel, double Radius) Kernel(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bilinear or ResizeFilter.PlainBilinear => (Triangle, 1),
        ResizeFilter.Bicubic => (Cubic, 2),
        ResizeFilter.Lanczos => (Lanczos, 3),
        ResizeFilter.Area => (Box, 0.5),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "This filter has no weights."),
    };

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));

    private static double Box(double x) => x is > -0.5 and <= 0.5 ? 1 : 0;

    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }

    private static double Lanczos(double x) => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0;

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
