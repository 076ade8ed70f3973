using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>A fixture that is made: its inputs are drawn, its results are what Falcon computes.</summary>
internal sealed class RecordedFixture(string folder, string file, Recording recording) : ParityFixture(folder, file, recording.Tag, recording)
{
    private const int LargestWhole = 40_000, MostOfAKind = 6;

    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly Dictionary<string, Tensor> _inputs = [];
    private readonly HashSet<string> _shown = [];
    private readonly Dictionary<string, string> _settings = new() { [TagEntry] = recording.Tag };

    /// <inheritdoc/>
    public override string Setting(string name, string usual) => _settings[name] = usual;

    /// <inheritdoc/>
    public override Tensor Input(string name, Func<Tensor> draw)
    {
        if (!_inputs.TryGetValue(name, out var tensor))
            Store(name, _inputs[name] = tensor = draw());
        return tensor;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<long>? ShapeOf(string name, long[]? recorded)
    {
        _shown.Add(name);
        return recorded;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Cases(string beginning, string end, params string[] recorded) => recorded;

    /// <inheritdoc/>
    public override void CheckWhole(string name, long[] actual, double share = 0) => Store(name, tensor(actual));

    /// <summary>Writes the file.</summary>
    public void Write() =>
        SafetensorsWriter.Write(Path.Combine(Folder, File), [.. _tensors.Values], _settings);

    /// <summary>What shows a size, and a few weights and running statistics from beginning to end: a bias before a batch norm has a gradient of rounding noise
    /// alone.</summary>
    protected override IEnumerable<KeyValuePair<string, Tensor>> Held(string prefix, IReadOnlyDictionary<string, Tensor> results)
    {
        var candidates = results.Where(result => result.Value.shape.Length > 1 || IsStatistic(result.Key)).ToArray();
        var step = Math.Max(1, candidates.Length / MostOfAKind);
        return candidates.Where((result, i) => i % step == 0 || _shown.Contains(prefix + result.Key));
    }

    /// <inheritdoc/>
    protected override void Take(string name, Tensor actual, double tolerance, string measure, string note, double headTolerance)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (actual.numel() <= LargestWhole || _shown.Contains(name))
        {
            Store(name, actual);
            return;
        }
        var (head, statistics) = Digest(actual);
        Store($"{name}.head", head);
        Store($"{name}.stats", statistics);
    }

    private void Store(string name, Tensor tensor) => _tensors.TryAdd(name, StateDict.Store(name, tensor));
}
