using Falcon.Backbones;

using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>What a patch description network learns before it can teach (specification, section 5): 3×3 neighbourhoods of two layers of a classifier, averaged
/// down to as many channels as the network has.</summary>
internal static class PretrainingTarget
{
    private const int LayerChannels = 1024;

    /// <param name="layer2">(N, C₂, h, w).</param>
    /// <param name="layer3">(N, C₃, h/2, w/2).</param>
    /// <returns>(N, 384, h, w).</returns>
    public static Tensor Of(Tensor layer2, Tensor layer3)
    {
        using var scope = NewDisposeScope();
        var fine = Pooled(Neighbourhoods(layer2), LayerChannels);
        var coarse = interpolate(Pooled(Neighbourhoods(layer3), LayerChannels), layer2.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
        return Pooled(cat([fine, coarse], dim: 1), PatchDescriptionNetwork.TeacherChannels).MoveToOuterDisposeScope();
    }

    /// <summary>The zero-padded 3×3 neighbourhood of each position, channel after channel: (N, 9C, h, w).</summary>
    private static Tensor Neighbourhoods(Tensor layer) => unfold(layer, 3, padding: 1).reshape(layer.shape[0], -1, layer.shape[2], layer.shape[3]);

    /// <summary>Averages channels adaptively: bin i of m averages channels ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉ − 1.</summary>
    private static Tensor Pooled(Tensor values, long channels)
    {
        var last = values.permute(0, 2, 3, 1).reshape(-1, 1, values.shape[1]);
        return adaptive_avg_pool1d(last, channels).reshape(values.shape[0], values.shape[2], values.shape[3], channels).permute(0, 3, 1, 2);
    }
}
