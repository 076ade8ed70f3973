using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel of each image over space.</summary>
public abstract class InstanceNorm : NormBase
{
    protected InstanceNorm(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input) =>
        nn.functional.instance_norm(
            input, running_mean, running_var, weight, bias, training || running_mean is null, momentum ?? 0, eps);
}
