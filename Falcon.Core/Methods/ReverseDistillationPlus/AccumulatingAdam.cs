using Falcon.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Adam on gradients that are added up over several batches. The sum is part of the optimiser's state: a training that is interrupted between two batches of
/// a step goes on with it.</summary>
internal sealed class AccumulatingAdam(DistillationOptions options, IEnumerable<Parameter> parameters)
    : AdamOptimiser(parameters, options.Beta1, options.Beta2, options.WeightDecay)
{
    /// <summary>Which update of the parameters the next call makes, from 1; null to add the gradients up alone.</summary>
    public long? NextUpdate { get; set; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> StateNames => [.. base.StateNames, "sum"];

    /// <inheritdoc/>
    protected override void Prepare(long step)
    {
        if (NextUpdate is { } update)
            base.Prepare(update);
    }

    /// <inheritdoc/>
    protected override void Update(Tensor values, Tensor gradients, ReadOnlySpan<Tensor> states)
    {
        var sum = states[^1];
        sum.add_(gradients);
        if (NextUpdate is null)
            return;
        base.Update(values, sum, states);
        sum.zero_();
    }
}
