using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>A fixture that is compared with.</summary>
public sealed class StoredFixture : ParityFixture
{
    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _used = [];
    private readonly List<ParityResult> _results = [];

    /// <param name="folder">The fixture folder.</param>
    /// <param name="file">The file's name in it.</param>
    /// <exception cref="InvalidInputException">The file is missing or broken.</exception>
    public StoredFixture(string folder, string file) : this(folder, file, SafetensorsFile.Open(Path.Combine(folder, file)))
    {
    }

    private StoredFixture(string folder, string name, SafetensorsFile file) : base(folder, name, file.Metadata.GetValueOrDefault(TagEntry), null) => _file = file;

    /// <summary>The names of the stored tensors.</summary>
    public IReadOnlyList<string> Names => _file.Names;

    /// <summary>What was compared so far.</summary>
    public IReadOnlyList<ParityResult> Results => _results;

    /// <summary>The stored tensors that were neither an input nor compared, as failures.</summary>
    public IEnumerable<ParityResult> LeftOver =>
        Names.Where(name => !_used.Contains(name)).Select(name => new ParityResult(File, name, double.NaN, 0, "never computed"));

    /// <inheritdoc/>
    public override string Setting(string name, string usual) => _file.Metadata.GetValueOrDefault(name) ?? usual;

    /// <inheritdoc/>
    public override Tensor Input(string name, Func<Tensor> draw)
    {
        _used.Add(name);
        return _file.Tensor(name);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<long>? ShapeOf(string name, long[]? recorded) => _file.Contains(name) ? _file.Entry(name).Shape : null;

    /// <inheritdoc/>
    public override IEnumerable<string> Cases(string beginning, string end, params string[] recorded) =>
        Names.Where(name => name.StartsWith(beginning, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal))
            .Select(name => name[beginning.Length..^end.Length]);

    /// <inheritdoc/>
    public override void CheckWhole(string name, long[] actual, double share = 0)
    {
        if (!_file.Contains(name))
            return;
        var expected = _file.Longs(name);
        var differing = actual.Length == expected.Length ? expected.Where((e, i) => e != actual[i]).Count() / (double)expected.Length : double.NaN;
        Add(name, "", differing, share, share == 0 ? "exact" : "share differing");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, Tensor>> Held(string prefix, IReadOnlyDictionary<string, Tensor> results)
    {
        var names = Names.Where(stored => stored.StartsWith(prefix, StringComparison.Ordinal))
            .Select(stored => stored[prefix.Length..].Replace(".head", "").Replace(".stats", "")).ToHashSet();
        return results.Where(result => names.Contains(result.Key));
    }

    /// <inheritdoc/>
    protected override void Take(string name, Tensor actual, double tolerance, string measure, string note, double headTolerance)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (_file.Contains(name))
            Compare(name, actual.shape.SequenceEqual(_file.Entry(name).Shape) || actual.numel() == 1 ? actual : empty(0), tolerance);
        if (!_file.Contains($"{name}.head") && !_file.Contains($"{name}.stats"))
            return;
        var (head, statistics) = Digest(actual);
        if (_file.Contains($"{name}.head"))
            Compare($"{name}.head", head, headTolerance);
        if (_file.Contains($"{name}.stats"))
            Compare($"{name}.stats", statistics.narrow(0, 0, _file.Entry($"{name}.stats").Shape[0]), tolerance);

        void Compare(string stored, Tensor computed, double most)
        {
            var (a, e) = (Doubles(computed), Doubles(_file.Tensor(stored)));
            var error = measure switch { RootMeanSquare => RootMeanSquareError(a, e), Absolute => AbsoluteError(a, e), _ => RelativeError(a, e) };
            Add(stored, note, error, most, measure);
        }
    }

    private void Add(string name, string note, double error, double tolerance, string measure)
    {
        _used.Add(name);
        _results.Add(new(File, name + note, error, tolerance, measure));
    }

    private static double AbsoluteError(double[] actual, double[] expected) =>
        actual.Length == expected.Length ? actual.Zip(expected, (a, e) => Math.Abs(a - e)).DefaultIfEmpty().Max() : double.NaN;

    private static double RootMeanSquareError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < expected.Length; i++)
            sum += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        return Math.Sqrt(sum / expected.Length);
    }

    private static double[] Doubles(Tensor tensor) => tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
