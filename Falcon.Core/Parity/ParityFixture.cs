using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>One fixture file and comparisons with it. A result X may be stored whole, or as <c>X.head</c> (its first 64 values in memory order) and
/// <c>X.stats</c> (mean and population standard deviation, in newer files also minimum and maximum).</summary>
public sealed class ParityFixture : IDisposable
{
    /// <summary>The <see cref="ParityResult.Measure"/> of comparisons: the largest difference over the largest magnitude of the stored values.</summary>
    public const string Relative = "relative";

    /// <summary>The <see cref="ParityResult.Measure"/> of weights after training: the root of the mean squared difference.</summary>
    public const string RootMeanSquare = "root mean square";

    private const int HeadLength = 64;
    private readonly SafetensorsFile _file;
    private readonly string _name;

    /// <param name="folder">The fixture folder.</param>
    /// <param name="name">The file's name in it.</param>
    /// <exception cref="InvalidInputException">The file is missing or broken.</exception>
    public ParityFixture(string folder, string name)
    {
        _name = name;
        _file = SafetensorsFile.Open(Path.Combine(folder, name));
    }

    /// <summary>The names of the stored tensors.</summary>
    public IReadOnlyList<string> Names => _file.Names;

    /// <summary>The settings stored beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <summary>A stored tensor, for use as input.</summary>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public Tensor Tensor(string name) => _file.Tensor(name);

    /// <summary>Compares a computed tensor with what is stored of it: whole, head, statistics.</summary>
    /// <param name="name">The stored name, without <c>.head</c> or <c>.stats</c>.</param>
    /// <param name="actual">Of any floating or integer type, on any device.</param>
    /// <param name="tolerance">The largest <see cref="Relative"/> error.</param>
    /// <param name="note">Added to the name in the results, to tell several computations of one tensor apart.</param>
    /// <exception cref="InvalidInputException">Nothing is stored under this name.</exception>
    public IEnumerable<ParityResult> Compare(string name, Tensor actual, double tolerance, string note = "") =>
        Compare(name, actual, tolerance, note, Relative, RelativeError);

    /// <summary>Compares trained weights with what is stored of them. Adam turns the rounding noise of tiny gradients into full steps, so single values may
    /// differ and only their mean counts.</summary>
    /// <param name="name">The stored name, without <c>.head</c> or <c>.stats</c>.</param>
    /// <param name="actual">The weights.</param>
    /// <param name="tolerance">The largest <see cref="RootMeanSquare"/> difference.</param>
    /// <exception cref="InvalidInputException">Nothing is stored under this name.</exception>
    public IEnumerable<ParityResult> CompareTrained(string name, Tensor actual, double tolerance) =>
        Compare(name, actual, tolerance, "", RootMeanSquare, RootMeanSquareError);

    private List<ParityResult> Compare(
        string name, Tensor actual, double tolerance, string note, string measure, Func<ReadOnlySpan<double>, ReadOnlySpan<double>, double> error)
    {
        var values = Doubles(actual);
        var results = new List<ParityResult>();
        if (_file.Contains(name))
            Add(name, actual.shape.SequenceEqual(_file.Entry(name).Shape) || values.Length == 1 ? values : []);
        if (_file.Contains($"{name}.head"))
            Add($"{name}.head", values[..Math.Min(HeadLength, values.Length)]);
        if (_file.Contains($"{name}.stats"))
            Add($"{name}.stats", Statistics(values)[..(int)_file.Entry($"{name}.stats").Shape[0]]);
        return results.Count > 0 ? results : throw new InvalidInputException($"stores nothing of '{name}'", _file.FilePath, "Check that the fixture fits the program.");

        void Add(string stored, double[] computed) =>
            results.Add(new ParityResult(_name, stored + note, error(computed, Stored(stored)), tolerance, measure));
    }

    /// <summary>Compares whole numbers.</summary>
    /// <param name="name">The stored name.</param>
    /// <param name="actual">The computed numbers in memory order.</param>
    /// <param name="share">The share of numbers that may differ; none by default.</param>
    public ParityResult CompareWhole(string name, IReadOnlyList<long> actual, double share = 0)
    {
        var expected = _file.Longs(name);
        var differing = actual.Count == expected.Length ? expected.Where((e, i) => e != actual[i]).Count() / (double)expected.Length : double.NaN;
        return new(_name, name, differing, share, share == 0 ? "exact" : "share differing");
    }

    /// <summary>The names below another, without it and without <c>.head</c> and <c>.stats</c>.</summary>
    public IEnumerable<string> Below(string name) => Names.Where(stored => stored.StartsWith(name, StringComparison.Ordinal))
        .Select(stored => stored[name.Length..].Replace(".head", "").Replace(".stats", "")).Distinct();

    /// <summary>Stored floating numbers in memory order.</summary>
    public float[] Floats(string name) => _file.Floats(name);

    /// <summary>Stored whole numbers in memory order.</summary>
    public long[] Longs(string name) => _file.Longs(name);

    /// <summary>The largest absolute difference over the largest magnitude of <paramref name="expected"/> (over 1 when that is 0); NaN when the lengths differ.</summary>
    public static double RelativeError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            return double.NaN;
        var (error, scale) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            error = Math.Max(error, Math.Abs(actual[i] - expected[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }
        return scale == 0 ? error : error / scale;
    }

    private static double RootMeanSquareError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < expected.Length; i++)
            sum += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        return Math.Sqrt(sum / expected.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private double[] Stored(string name)
    {
        using var tensor = _file.Tensor(name);
        return Doubles(tensor);
    }

    private static double[] Doubles(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return [.. tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>()];
    }

    private static double[] Statistics(double[] values)
    {
        var mean = values.Average();
        return [mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), values.Min(), values.Max()];
    }
}
