using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The foreground of an image, taken at the size of its file (specification, section 4), or of a tile at its own: one tensor <c>foreground</c>, (H, W) uint8, 1 where defects may
/// lie.</summary>
/// <param name="shape">How it is found.</param>
/// <param name="level">Of the smoothed luma, 0–255.</param>
/// <param name="preprocessing">How the image, or the tile, becomes the network's input.</param>
public sealed class ForegroundPreparation(ForegroundShape shape, double level, Preprocessing preprocessing) : ImagePreparation
{
    private const double Sigma = 8, DiscRadius = 0.45, BoxHalf = 0.35;

    /// <summary>How it is found.</summary>
    public ForegroundShape Shape => shape;

    /// <summary>Of the smoothed luma, 0–255.</summary>
    public double Level => level;

    /// <summary>How the image becomes the network's input.</summary>
    public Preprocessing Preprocessing => preprocessing;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "foreground";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Version => 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<BackboneTap> Taps => [];

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool ReadsFile => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StoredTensor> Of(TeacherFeatures features, RasterImage? image, int height, int width) =>
        [StoredTensor.Of("foreground", (preprocessing with { Filter = ResizeFilter.Nearest }).Resize(Mask(image!)).Pixels, height, width)];

    /// <summary>1 where the foreground is, at the image's own size.</summary>
    internal RasterImage Mask(RasterImage image)
    {
        var (width, height) = (image.Width, image.Height);
        return shape switch
        {
            ForegroundShape.Above => Thresholded(image, luma => luma.gt(level)),
            ForegroundShape.AtMost => Thresholded(image, luma => luma.le(level)),
            ForegroundShape.Disc => Drawn((x, y) => Square(x - width / 2) + Square(y - height / 2) <= Square((int)(DiscRadius * height))),
            ForegroundShape.Box => Drawn((x, y) => Math.Abs(x - width / 2) <= (int)(BoxHalf * width) && Math.Abs(y - height / 2) <= (int)(BoxHalf * height)),
            _ => Drawn((_, _) => true),
        };

        RasterImage Drawn(Func<int, int, bool> isInside) =>
            new(width, height, 1, [.. Enumerable.Range(0, width * height).Select(i => isInside(i % width, i / width) ? (byte)1 : (byte)0)]);

        static long Square(long value) => value * value;
    }

    private static RasterImage Thresholded(RasterImage image, Func<Tensor, Tensor> isInside)
    {
        using var scope = NewDisposeScope();
        var luma = tensor(image.ToGray().Pixels, [1, image.Height, image.Width], device: CPU).to(ScalarType.Float32);
        var smoothed = GaussianSmoothing.Of(luma, SmoothingKind.TwoDimensional, Sigma);
        return new(image.Width, image.Height, 1, [.. isInside(smoothed).to(ScalarType.Byte).contiguous().data<byte>()]);
    }
}
