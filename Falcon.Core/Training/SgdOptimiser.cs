using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Training;

/// <summary>Stochastic gradient descent with momentum and L2 regularisation added to the gradient, as PyTorch's <c>torch.optim.SGD</c>.</summary>
/// <param name="parameters">As <see cref="Optimiser"/>.</param>
/// <param name="momentum">The share of the last change that is kept.</param>
/// <param name="weightDecay">The share of each value that is added to its gradient.</param>
public sealed class SgdOptimiser(IEnumerable<Parameter> parameters, double momentum = 0, double weightDecay = 0) : Optimiser(parameters)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> StateNames => ["momentum"];

    /// <inheritdoc/>
    protected override void Update(Tensor values, Tensor gradients, ReadOnlySpan<Tensor> states)
    {
        using var decayed = weightDecay == 0 ? null : gradients.add(values, alpha: weightDecay);
        values.add_(states[0].mul_(momentum).add_(decayed ?? gradients), alpha: -LearningRate);
    }
}
