using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>What the positions of a level show: a defect where more than three tenths of the pixels are defective, the foreground likewise (specification,
/// section 5).</summary>
/// <param name="Defect">(N, 1, h, w) of zeros and ones.</param>
/// <param name="Foreground">(N, 1, h, w) of zeros and ones.</param>
internal sealed record LevelMasks(Tensor Defect, Tensor Foreground)
{
    private const double Share = 0.3;

    /// <param name="defect">(N, 1, H, W) of zeros and ones.</param>
    /// <param name="foreground">(N, 1, H, W) of zeros and ones.</param>
    /// <param name="rows">h.</param>
    /// <param name="columns">w.</param>
    public static LevelMasks Of(Tensor defect, Tensor foreground, long rows, long columns)
    {
        return new(Pooled(defect), Pooled(foreground));

        Tensor Pooled(Tensor mask) => adaptive_avg_pool2d(mask, [rows, columns]).gt(Share).to(mask.dtype);
    }

    /// <summary>Indices of the batch's defective positions, row by row and image by image.</summary>
    public long[] Defective => Where(Defect.gt(0));

    /// <summary>Indices of the batch's normal positions on the foreground.</summary>
    public long[] Normal => Where(Defect.eq(0).logical_and(Foreground.gt(0)));

    private static long[] Where(Tensor mask) => [.. mask.flatten().nonzero().flatten().cpu().data<long>()];
}
