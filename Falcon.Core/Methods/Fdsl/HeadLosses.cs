using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The losses of FDSL's head on a map of probabilities (specification, section 5).</summary>
internal static class HeadLosses
{
    private const double Smoothing = 1e-5, Focus = 2, DiceSmoothing = 1;

    /// <summary>The mean over all pixels of −(1 − q)² ln q, q being the probability given to what is true (Lin et al., ICCV 2017, eq. 5, γ = 2).</summary>
    /// <param name="probabilities">(N, 2, H, W), in [0, 1].</param>
    /// <param name="mask">(N, H, W), 1 where there is a defect, else 0.</param>
    public static Tensor Focal(Tensor probabilities, Tensor mask)
    {
        var truth = stack([1 - mask, mask], dim: 1).clamp(Smoothing, 1 - Smoothing);
        var q = (truth * probabilities).sum([1]) + Smoothing;
        return -((1 - q).pow(Focus) * q.log()).mean();
    }

    /// <summary>1 − the mean over images of (2 Σ p y + 1) / (Σ p + Σ y + 1) (Milletari et al., 3DV 2016, with linear terms).</summary>
    /// <param name="defect">The probability of a defect, (N, H, W).</param>
    /// <param name="mask">(N, H, W), 1 where there is a defect, else 0.</param>
    public static Tensor Dice(Tensor defect, Tensor mask)
    {
        var shared = (defect * mask).sum([1, 2]);
        return 1 - ((2 * shared + DiceSmoothing) / (defect.sum([1, 2]) + mask.sum([1, 2]) + DiceSmoothing)).mean();
    }
}
