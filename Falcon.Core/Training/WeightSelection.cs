using Falcon.Protocol;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Training;

/// <summary>Keeps a copy of the weights that a <see cref="CheckpointRule"/> has chosen so far.</summary>
internal sealed class WeightSelection(CheckpointRule rule, TrainableNetwork network, IReadOnlyList<SelectionCriterion> criteria) : IDisposable
{
    private const string Prefix = "selected.";

    private readonly Dictionary<string, Tensor> _kept = [];

    /// <summary>The present weights, to be put back later.</summary>
    public static WeightSelection Present(TrainableNetwork network)
    {
        var present = new WeightSelection(new CheckpointRule.LastEpoch(), network, []);
        present.Keep("");
        return present;
    }

    private IEnumerable<(string Name, Tensor Value)> Weights =>
        network.Parts.SelectMany(part => part.Module.state_dict().Select(entry => ($"{part.Prefix}.{entry.Key}", entry.Value)));

    /// <summary>Keeps the present weights if the epoch that has just ended is the one to choose.</summary>
    /// <param name="history">The losses of each finished epoch.</param>
    public void Consider(IReadOnlyList<IReadOnlyList<(string Name, double Value)>> history)
    {
        switch (rule)
        {
            case CheckpointRule.FixedEpoch { Epoch: var epoch } when epoch == history.Count:
                Keep("");
                break;
            case CheckpointRule.BestOnNormalValidation:
                foreach (var criterion in criteria)
                    if (history.SkipLast(1).All(losses => !(criterion.Of(losses) <= criterion.Of(history[^1]))) && criterion.Of(history[^1]) < double.PositiveInfinity)
                        Keep(criterion.Prefix);
                break;
        }
    }

    /// <summary>Puts the chosen weights into the network; without any, the last ones stay.</summary>
    public void Restore()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, value) in Weights)
            if (_kept.TryGetValue(name, out var kept))
                value.copy_(kept);
    }

    /// <summary>What has been kept, for a training checkpoint.</summary>
    public IEnumerable<StoredTensor> Tensors() => _kept.Select(entry => StateDict.Store(Prefix + entry.Key, entry.Value));

    /// <summary>Takes over what <see cref="Tensors"/> gave.</summary>
    public void Load(WeightFile file)
    {
        using var scope = NewDisposeScope();
        foreach (var name in file.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            Put(name[Prefix.Length..], file.Tensor(name).clone());
    }

    public void Dispose()
    {
        foreach (var tensor in _kept.Values)
            tensor.Dispose();
    }

    private void Keep(string prefix)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, value) in Weights)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                Put(name, value.detach().clone());
    }

    private void Put(string name, Tensor value)
    {
        if (_kept.Remove(name, out var old))
            old.Dispose();
        _kept[name] = value.DetachFromDisposeScope();
    }
}
