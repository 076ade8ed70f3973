using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel over batch and space: by the batch in training, by the running statistics in evaluation.</summary>
public abstract class BatchNorm : NormBase
{
    protected BatchNorm(
        long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        var momentum = NextMomentum();
        return nn.functional.batch_norm(
            input, running_mean, running_var, weight, bias, training || running_mean is null, momentum, eps);
    }
}
