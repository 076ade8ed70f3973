using Falcon.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Training;

/// <summary>Changes parameters by their gradients. Which of them take part is seen at the first step: those that have a gradient then.</summary>
/// <param name="parameters">On the device where they will be trained: an optimiser is made after its network has moved.</param>
public abstract class Optimiser(IEnumerable<Parameter> parameters) : IDisposable
{
    /// <summary>Values that one operation sees on a CPU: few enough for a processor's cache to keep them until the next one, many enough for the cost of an operation
    /// not to count (tests/bench/optimiser.fsx).</summary>
    private const long Chunk = 1 << 20;

    private const string Steps = "steps", Trained = "trained";

    private readonly List<Parameter> _parameters = [.. parameters];
    private readonly List<(string Name, Tensor Value)> _states = [];
    private HashSet<Parameter> _left = [];
    private FlatParameters? _flat;
    private Tensor[][] _chunks = [];
    private long _steps;

    /// <summary>The rate of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Updates so far.</summary>
    internal long StepsTaken => _steps;

    /// <summary>The names of what is kept of each value from step to step.</summary>
    protected abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>Makes all gradients zero; to be called before each backward pass.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        if (_flat is not null)
            _flat.Gradients.zero_();
        foreach (var parameter in _flat is null ? _parameters : (IEnumerable<Parameter>)_left)
            parameter.grad = null;
    }

    /// <summary>Updates the parameters.</summary>
    /// <exception cref="InvalidOperationException">A parameter has a gradient that had none at the first step.</exception>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (_flat is null)
            Flatten([.. _parameters.Select(parameter => parameter.grad is not null)]);
        if (_left.Any(parameter => parameter.grad is not null))
            throw new InvalidOperationException("A parameter that had no gradient at the first step has one now.");
        _steps++;
        Prepare(_steps);
        foreach (var chunk in _chunks)
        {
            using var inner = NewDisposeScope();
            Update(chunk[0], chunk[1], chunk.AsSpan(2));
        }
    }

    /// <summary>What a training needs to go on.</summary>
    /// <param name="prefix">Put before every name.</param>
    internal IEnumerable<StoredTensor> Tensors(string prefix) =>
    [
        StoredTensor.Of(prefix + Steps, [_steps], 1),
        StoredTensor.Of(prefix + Trained, Array.ConvertAll(_parameters.ToArray(), parameter => _flat is not null && !_left.Contains(parameter) ? 1L : 0), _parameters.Count),
        .. _states.Select(state => StateDict.Store(prefix + state.Name, state.Value)),
    ];

    /// <summary>Takes over what <see cref="Tensors"/> gave.</summary>
    internal void Load(SafetensorsFile file, string prefix)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _steps = file.Longs(prefix + Steps)[0];
        if (_steps == 0)
            return;
        Flatten(Array.ConvertAll(file.Longs(prefix + Trained).ToArray(), trained => trained != 0));
        foreach (var (name, value) in _states)
            value.copy_(file.Tensor(prefix + name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _chunks.SelectMany(chunk => chunk).Concat(_states.Select(state => state.Value)))
            tensor.Dispose();
        _flat?.Dispose();
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes what is the same for all values of a step.</summary>
    /// <param name="step">From 1.</param>
    protected virtual void Prepare(long step)
    {
    }

    /// <summary>Frees what <see cref="Prepare"/> made.</summary>
    protected virtual void Free()
    {
    }

    /// <summary>Updates some of the values in place; called within a dispose scope.</summary>
    /// <param name="values">(p).</param>
    /// <param name="gradients">(p).</param>
    /// <param name="states">(p) each, in the order of <see cref="StateNames"/>; zeros before the first step.</param>
    protected abstract void Update(Tensor values, Tensor gradients, ReadOnlySpan<Tensor> states);

    private void Flatten(bool[] trained)
    {
        // Tensors of equal values are equal: a norm that no gradient reaches is, at first, the same as any other.
        _left = new(_parameters.Where((_, i) => !trained[i]), ReferenceEqualityComparer.Instance);
        _flat = new FlatParameters([.. _parameters.Where((_, i) => trained[i])]);
        _states.AddRange(StateNames.Select(name => (name, zeros_like(_flat.Values).DetachFromDisposeScope())));
        Tensor[] whole = [_flat.Values, _flat.Gradients, .. _states.Select(state => state.Value)];
        var size = _flat.Values.device_type == DeviceType.CPU ? Chunk : _flat.Values.numel();
        var chunks = (int)((_flat.Values.numel() + size - 1) / size);
        _chunks = [.. Enumerable.Range(0, chunks).Select(i =>
            Array.ConvertAll(whole, tensor => tensor.narrow(0, i * size, Math.Min(size, tensor.numel() - i * size)).DetachFromDisposeScope()))];
    }
}
