using System.Runtime.InteropServices;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Metrics;
using Falcon.Protocol;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Detection;

public sealed partial record AnomalyMap
{
    /// <summary>The map at another size: bilinear with half-pixel centres, as all methods' specifications enlarge their maps.</summary>
    public AnomalyMap Resize(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;
        using var scope = NewDisposeScope();
        var resized = interpolate(tensor(Values, [1, 1, Height, Width], device: CPU), [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        return new AnomalyMap(MemoryMarshal.Cast<byte, float>(resized.bytes).ToArray(), width, height).Within(Region);
    }

    /// <summary>The map at a size beside the mask of its image, which is read and brought to that size.</summary>
    /// <param name="name">Names the image in errors.</param>
    /// <param name="mask">The mask's file; null for a normal image.</param>
    /// <param name="threshold">Which gray values of the mask mean defect.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public AnomalyMapSample Beside(string name, string? mask, MaskThreshold threshold, int width, int height) => new(
        name, width, Resize(width, height).Values,
        mask is null ? [] : DefectMask.Read(mask, threshold).Resize(width, height, ResizeFilter.Nearest).Pixels,
        Region is null ? default : Region.At(width, height));

    /// <summary>The maps of a batch.</summary>
    /// <param name="maps">(N, h, w) float32.</param>
    public static AnomalyMap[] FromBatch(Tensor maps)
    {
        int height = (int)maps.shape[1], width = (int)maps.shape[2];
        var values = MemoryMarshal.Cast<byte, float>(maps.cpu().contiguous().bytes);
        var each = new AnomalyMap[maps.shape[0]];
        for (var i = 0; i < each.Length; i++)
            each[i] = new(values.Slice(i * width * height, width * height).ToArray(), width, height);
        return each;
    }
}
