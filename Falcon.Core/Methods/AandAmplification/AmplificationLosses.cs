using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The losses of AAND's first stage, each for one level, as scalars (specification, section 5).</summary>
internal static class AmplificationLosses
{
    private const double DefectWeight = 0.8, Margin = 0.3, LeastNorm = 1e-8;

    /// <summary>The focal loss (Lin et al., ICCV 2017, equation 5) of the gate as a detector of defects, γ = 2, averaged over positions.</summary>
    /// <param name="gate">(N, h, w) in (0, 1).</param>
    /// <param name="defect">(N, 1, h, w) of zeros and ones.</param>
    public static Tensor Focal(Tensor gate, Tensor defect)
    {
        var (w, m) = (gate, defect.squeeze(1));
        var missed = (1 - w).square() * m * w.log() * DefectWeight;
        var invented = w.square() * (1 - m) * (1 - w).log() * (1 - DefectWeight);
        return -(missed + invented).mean();
    }

    /// <summary>How much more similar to normal features the amplified abnormal ones are than they should be, averaged over all pairs, of which there is at least one.</summary>
    /// <param name="normal">(n, C) of the teacher.</param>
    /// <param name="abnormal">(a, C) of the teacher.</param>
    /// <param name="amplified">(a, C), of the same positions.</param>
    /// <param name="margin">How similar they may be.</param>
    public static Tensor Amplification(Tensor normal, Tensor abnormal, Tensor amplified, AmplificationMargin margin)
    {
        var units = Unit(normal);
        var before = units.matmul(Unit(abnormal).t());
        var after = units.matmul(Unit(amplified).t());
        return (after - (margin == AmplificationMargin.Subtract ? before - Margin : before * Margin)).clamp_min(0).mean();
    }

    /// <summary>A zero vector is like nothing.</summary>
    private static Tensor Unit(Tensor vectors) => vectors / vectors.norm(1, keepdim: true).clamp_min(LeastNorm);
}
