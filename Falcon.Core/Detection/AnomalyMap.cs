using System.Runtime.InteropServices;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Metrics;
using Falcon.Protocol;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Detection;

/// <summary>How anomalous each position of an image is; higher is more anomalous.</summary>
/// <param name="Values">Row-major, <paramref name="Width"/> × <paramref name="Height"/> of them.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Region">What was looked at (<see cref="Within"/>); null for all of it.</param>
public sealed record AnomalyMap(float[] Values, int Width, int Height, RegionOfInterest? Region = null)
{
    /// <summary>The largest value.</summary>
    public float Maximum => Values.Max();

    /// <summary>The map at another size: bilinear with half-pixel centres, as all methods' specifications enlarge their maps.</summary>
    public AnomalyMap Resize(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;
        using var scope = NewDisposeScope();
        var resized = interpolate(tensor(Values, [1, 1, Height, Width], device: CPU), [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        return new AnomalyMap(MemoryMarshal.Cast<byte, float>(resized.bytes).ToArray(), width, height).Within(Region);
    }

    /// <summary>The map of a region of interest: outside, where nothing was looked at, it has the lowest value of the inside, and nothing is counted.</summary>
    /// <param name="region">What was looked at; null leaves the map as it is.</param>
    public AnomalyMap Within(RegionOfInterest? region)
    {
        if (region is null)
            return this;
        var inside = region.At(Width, Height).Span;
        var lowest = RegionOfInterest.Pick(Values, inside).Min();
        var values = (float[])Values.Clone();
        for (var i = 0; i < inside.Length; i++)
            if (inside[i] == 0)
                values[i] = lowest;
        return new(values, Width, Height, region);
    }

    /// <summary>The values of the pixels that were looked at, row by row.</summary>
    internal float[] Looked => Region is null ? Values : RegionOfInterest.Pick(Values, Region.At(Width, Height).Span);

    /// <summary>The image score of this map, which has the size of the image.</summary>
    internal double Score(ImageScoreReducer reducer) =>
        Region is null ? reducer.Of(Values, Width, Height) : reducer.Within(Values, Width, Height, Region.At(Width, Height));

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

    /// <summary>The map of a whole image of which this one shows a part: that part at its place in the resized image, and elsewhere, where nothing was looked
    /// at, the part's lowest value.</summary>
    /// <param name="crop">Where the part lies.</param>
    /// <param name="width">Columns of the part in the resized image.</param>
    /// <param name="height">Rows of the part in the resized image.</param>
    public AnomalyMap Uncropped(ImageCrop crop, int width, int height)
    {
        var part = Resize(width, height);
        var values = new float[crop.ImageWidth * crop.ImageHeight];
        Array.Fill(values, part.Values.Min());
        for (var y = 0; y < height; y++)
            part.Values.AsSpan(y * width, width).CopyTo(values.AsSpan((crop.Top + y) * crop.ImageWidth + crop.Left));
        return new(values, crop.ImageWidth, crop.ImageHeight);
    }

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
