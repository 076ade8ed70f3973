using static TorchSharp.torch;

namespace Falcon.Engine;

/// <summary>How images and features lie in memory.</summary>
internal static class MemoryLayout
{
    /// <summary>The same values with the channels of a position next to one another (<c>channels_last</c>): what is computed from them lies so, too. A new tensor that may share
    /// the memory.</summary>
    /// <param name="values">(N, C, H, W).</param>
    public static Tensor ChannelsLast(this Tensor values)
    {
        using var positions = values.permute(0, 2, 3, 1);
        using var laid = positions.contiguous();
        return laid.permute(0, 3, 1, 2);
    }
}
