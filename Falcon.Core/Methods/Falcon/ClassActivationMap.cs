using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>FALCON's class activation map of one teacher layer: Grad-CAM++ with the features' own variance-weighted mean as the score, in closed
/// form, so that no backward pass is needed (specification, section 4.1).</summary>
/// <param name="Score">S, the variance-weighted sum of all activations.</param>
/// <param name="Gradient">∂S/∂A, (C, h, w) float64.</param>
/// <param name="Map">(h, w) float64 in [0, 1]; higher belongs more to the object.</param>
public sealed record ClassActivationMap(double Score, Tensor Gradient, Tensor Map)
{
    private const double Epsilon = 1e-7;

    /// <summary>Positions whose variances sum to less than this are flat: the map is zero there.</summary>
    private const double FlatVariance = 1e-12;

    /// <param name="features">One layer's output for one image, (C, h, w), after the ReLU. The result belongs to the caller's dispose scope.</param>
    public static ClassActivationMap Of(Tensor features)
    {
        var a = features.to_type(ScalarType.Float64);
        var channels = a.shape[0];
        var mean = a.mean([0], keepdim: true);
        var variance = a.var([0], unbiased: true, keepdim: true);
        var total = variance.sum().ToDouble();
        if (total < FlatVariance)
            return new(0, zeros_like(a), zeros(a.shape[1..], dtype: ScalarType.Float64, device: a.device));

        var score = (a * variance).sum().ToDouble() / total;
        var gradient = (variance + (a - mean) * (mean * channels - score) * (2.0 / (channels - 1))) / total;
        var squared = gradient * gradient;
        var alpha = squared / (squared * 2 + (a * squared * gradient).sum([1, 2], keepdim: true) + Epsilon);
        var weights = (alpha * gradient.clamp(min: 0)).sum([1, 2], keepdim: true);
        var raw = (weights * a).sum([0]).clamp(min: 0);
        var lowest = raw.min();
        return new(score, gradient, (raw - lowest) / (raw.max() - lowest + Epsilon));
    }
}
