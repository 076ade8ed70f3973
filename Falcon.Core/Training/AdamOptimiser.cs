using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Training;

/// <summary>Adam (Kingma and Ba, ICLR 2015, algorithm 1) with L2 regularisation added to the gradient, as PyTorch's <c>torch.optim.Adam</c>.</summary>
/// <param name="parameters">As <see cref="Optimiser"/>.</param>
/// <param name="beta1">Decay of the mean of gradients.</param>
/// <param name="beta2">Decay of the mean of their squares.</param>
/// <param name="weightDecay">The share of each value that is added to its gradient.</param>
/// <param name="epsilon">Added to the root of the mean of squares.</param>
/// <param name="amsgrad">Divides by the largest mean of squares so far (Reddi, Kale and Kumar, ICLR 2018).</param>
public class AdamOptimiser(
    IEnumerable<Parameter> parameters, double beta1 = 0.9, double beta2 = 0.999, double weightDecay = 0, double epsilon = 1e-8, bool amsgrad = false)
    : Optimiser(parameters)
{
    // Made once a step: each is an object of libtorch's.
    private Scalar? _decay, _keptMean, _newMean, _keptSquare, _newSquare, _correction, _epsilon, _step;

    /// <summary>Decay of the mean of gradients; a schedule may change it.</summary>
    public double Beta1 { get; set; } = beta1;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> StateNames => amsgrad ? ["mean", "square", "largest"] : ["mean", "square"];

    /// <inheritdoc/>
    protected override void Prepare(long step)
    {
        Free();
        (_decay, _epsilon) = (weightDecay, epsilon);
        (_keptMean, _newMean) = (Beta1, 1 - Beta1);
        (_keptSquare, _newSquare) = (beta2, 1 - beta2);
        _correction = Math.Sqrt(1 - Math.Pow(beta2, step));
        _step = -LearningRate / (1 - Math.Pow(Beta1, step));
    }

    /// <inheritdoc/>
    protected override void Update(Tensor values, Tensor gradients, ReadOnlySpan<Tensor> states)
    {
        var (mean, square) = (states[0], states[1]);
        var change = weightDecay == 0 ? gradients : gradients.add(values, alpha: _decay!);
        mean.mul_(_keptMean!).add_(change, alpha: _newMean!);
        square.mul_(_keptSquare!).addcmul_(change, change, _newSquare!);
        if (amsgrad)
            square = states[2].copy_(states[2].maximum(square));
        values.addcdiv_(mean, square.sqrt().div_(_correction!).add_(_epsilon!), _step!);
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        foreach (var scalar in (Scalar?[])[_decay, _keptMean, _newMean, _keptSquare, _newSquare, _correction, _epsilon, _step])
            scalar?.Dispose();
    }
}
