using Falcon.Data;
using Falcon.Protocol;

namespace Falcon.Detection;

/// <summary>How anomalous each position of an image is; higher is more anomalous.</summary>
/// <param name="Values">Row-major, <paramref name="Width"/> × <paramref name="Height"/> of them.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Region">What was looked at (<see cref="Within"/>); null for all of it.</param>
public sealed partial record AnomalyMap(float[] Values, int Width, int Height, RegionOfInterest? Region = null)
{
    /// <summary>The largest value.</summary>
    public float Maximum => Values.Max();

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
}
