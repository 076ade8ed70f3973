using Falcon.Data;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>A good photo as the camera might have taken it a moment later: turned a little, a little lighter or darker.</summary>
internal static class ChangedView
{
    private const double LargestAngle = 3 * Math.PI / 180, LargestGain = 0.05;

    /// <summary>A changed copy of one image.</summary>
    /// <param name="pixels">(1, 3, H, W) float32, normalised.</param>
    /// <param name="preprocessing">What it is normalised with.</param>
    /// <param name="draws">Two are taken.</param>
    public static Tensor Of(Tensor pixels, Preprocessing preprocessing, RandomStream draws)
    {
        using var scope = NewDisposeScope();
        var (angle, gain) = ((2 * draws.NextDouble() - 1) * LargestAngle, 1 + (2 * draws.NextDouble() - 1) * LargestGain);
        var (mean, deviation) = (Channels(preprocessing.Mean), Channels(preprocessing.Deviation));
        var seen = ((Rotation.Of(pixels, angle) * deviation + mean) * gain).clamp(0, 1);
        return ((seen - mean) / deviation).MoveToOuterDisposeScope();

        Tensor Channels(float[] values) => tensor(values, [1, 3, 1, 1], device: pixels.device);
    }
}
