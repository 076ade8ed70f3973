using Falcon.Data;
using Falcon.Imaging;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>An image that was varied, as the tower sees it.</summary>
/// <param name="Pixels">(1, 3, H, W) float32, normalised.</param>
/// <param name="Mask">(H, W) float32, 1 where there is a defect.</param>
internal sealed record VariedImage(Tensor Pixels, Tensor Mask);

/// <summary>Draws which images of a step are varied, and varies them (specification, section 4). Every image of a step has a random stream of its own.</summary>
internal sealed class DefectVariation(DefectAugmentation augmentation, AuxiliaryImages images, MasterSeed seed)
{
    internal const double MosaicShare = 0.3, CropShare = 0.6, NormalCropShare = 0.5, NarrowShare = 0.6;
    private const int Narrow = 50, Wide = 100;

    /// <summary>The image varied; null where it stays as it is. Belongs to the caller's dispose scope.</summary>
    public VariedImage? Of(TrainingMoment moment, int index)
    {
        var draws = seed.Stream("defect-variation", $"{moment.Step} {images.Names[index]}");
        return augmentation switch
        {
            DefectAugmentation.Mosaic when draws.NextDouble() < MosaicShare => Mosaic(images[index].Category.Category, draws),
            DefectAugmentation.Crop when draws.NextDouble() < CropShare => Crop(index, draws),
            _ => null,
        };
    }

    /// <summary>Four images of a category's test folder, each of a kind of defect drawn first, side by side: a canvas of twice the first one's size, resized to the
    /// input. Images of another size are brought to that of the first.</summary>
    private VariedImage Mosaic(Category category, RandomStream draws)
    {
        var kinds = category.TestImages.GroupBy(image => image.Defect).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => kind.ToArray()).ToArray();
        RasterImage? picture = null, mask = null;
        for (var place = 0; place < 4; place++)
        {
            var kind = kinds[draws.NextInt(0, kinds.Length - 1)];
            var item = kind[draws.NextInt(0, kind.Length - 1)];
            var image = images.Preprocessing.ReadWhole(item);
            picture ??= new(2 * image.Width, 2 * image.Height, 3);
            mask ??= new(2 * image.Width, 2 * image.Height, 1);
            Paste(picture, image, place, ResizeFilter.Bicubic);
            if (AuxiliaryImages.MaskFile(category, item) is { } defect)
                Paste(mask, defect, place, ResizeFilter.Nearest);
        }
        return new(images.Pixels(picture!), images.Mask(mask!));
    }

    /// <summary>Puts an image into a quarter of a canvas: 0 and 1 above, 2 and 3 below.</summary>
    internal static void Paste(RasterImage canvas, RasterImage image, int place, ResizeFilter filter)
    {
        var (width, height) = (canvas.Width / 2, canvas.Height / 2);
        var fitted = (image.Width, image.Height) == (width, height) ? image : image.Resize(width, height, filter);
        var (left, top, row) = (place % 2 * width, place / 2 * height, width * canvas.Channels);
        for (var y = 0; y < height; y++)
            fitted.Pixels.AsSpan(y * row, row).CopyTo(canvas.Pixels.AsSpan(((top + y) * canvas.Width + left) * canvas.Channels));
    }

    /// <summary>A square of the image enlarged to the input; around some of the defect where there is one.</summary>
    private VariedImage? Crop(int index, RandomStream draws)
    {
        using var scope = NewDisposeScope();
        var mask = images.Mask(index);
        var isDefective = mask.any().item<bool>();
        if (!isDefective && draws.NextDouble() >= NormalCropShare)
            return null;
        var side = isDefective && draws.NextDouble() < NarrowShare ? Narrow : Wide;
        var pixels = images.Read([images[index].Item], new(Pixels: true, [])).Pixels!;
        var (height, width) = (mask.shape[0], mask.shape[1]);
        var (rows, columns) = (Math.Min(side, height), Math.Min(side, width));
        long top, left;
        do
            (top, left) = (draws.NextInt(0, (int)(height - rows)), draws.NextInt(0, (int)(width - columns)));
        while (isDefective && !Cut(mask).any().item<bool>());
        var cutMask = Enlarge(Cut(mask).unsqueeze(0).unsqueeze(0)).gt(0.5).to(ScalarType.Float32);
        return new(Enlarge(Cut(pixels)).MoveToOuterDisposeScope(), cutMask.reshape(height, width).MoveToOuterDisposeScope());

        Tensor Cut(Tensor values) => values.narrow(-2, top, rows).narrow(-1, left, columns);

        Tensor Enlarge(Tensor values) => interpolate(values, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
    }
}
