using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Sines and cosines of a position's column and row (specification, section 3): half of the channels for the column, half for the row.</summary>
internal static class PositionCode
{
    private const double LongestWave = 1e4;

    /// <summary>The code for features, (C, h, w) of their type.</summary>
    /// <param name="features">(N, C, h, w); C is a multiple of 4.</param>
    public static Tensor Like(Tensor features)
    {
        using var scope = NewDisposeScope();
        var (channels, rows, columns) = (features.shape[1], features.shape[2], features.shape[3]);
        var half = channels / 2;
        var rates = (arange(half / 2, ScalarType.Float64, device: features.device) * (-2 * Math.Log(LongestWave) / half)).exp();
        var along = Waves(columns).unsqueeze(1).expand(half, rows, columns);
        var down = Waves(rows).unsqueeze(2).expand(half, rows, columns);
        return cat([along, down]).MoveToOuterDisposeScope();

        // (C/2, side): a sine, then a cosine of each rate.
        Tensor Waves(long side)
        {
            var angles = rates.unsqueeze(1) * arange(side, ScalarType.Float64, device: features.device);
            return stack([angles.sin(), angles.cos()], dim: 1).reshape(half, side).to(features.dtype);
        }
    }
}
