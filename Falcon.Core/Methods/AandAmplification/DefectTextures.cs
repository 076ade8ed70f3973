using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>What synthetic defects are made of (specification, section 4): changed texture photos; without any, tiles of the training images and noise.</summary>
internal sealed class DefectTextures(AandStageOptions options, TrainingImages images)
{
    private const int Tiles = 8;

    private readonly IReadOnlyList<string> _photos = options.Textures.Length == 0 ? [] : ImageFile.In(options.Textures);

    /// <summary>A texture of the input's size, RGB.</summary>
    /// <param name="index">The training image that it is for.</param>
    /// <param name="stream">Everything about it.</param>
    public RasterImage Draw(int index, RandomStream stream)
    {
        var (width, height) = options.InputSize;
        if (_photos.Count > 0)
        {
            var photo = ImageFile.ReadRgb(_photos[stream.NextInt(0, _photos.Count - 1)]).Resize(width, height, ResizeFilter.PlainBilinear);
            return TextureOperations.Apply(options.TexturesInBgr ? Reversed(photo) : photo, stream);
        }
        if (!stream.NextBool())
            return TextureOperations.Apply(Noise(height, width, stream), stream);
        int[] others = [.. images.Split.Training.Where(other => other != index)];
        var source = others.Length == 0 ? index : others[stream.NextInt(0, others.Length - 1)];
        return Shuffled(TextureOperations.Apply(images.Picture(source, options.Preprocessing), stream), stream);
    }

    /// <summary>Blue, green and red in the place of red, green and blue.</summary>
    private static RasterImage Reversed(RasterImage image) =>
        new(image.Width, image.Height, 3, [.. image.Pixels.Select((_, i) => image.Pixels[i - i % 3 + 2 - i % 3])]);

    /// <summary>Three fields of noise, each stretched to all levels.</summary>
    private static RasterImage Noise(int height, int width, RandomStream stream)
    {
        var image = new RasterImage(width, height, 3);
        for (var channel = 0; channel < 3; channel++)
        {
            var field = PerlinNoise.Draw(PerlinNoise.Lattice(stream), height, width, stream);
            var (least, range) = (field.Min(), field.Max() - field.Min());
            for (var i = 0; i < field.Length; i++)
                image.Pixels[3 * i + channel] = range > 0 ? (byte)Math.Round(255 * (field[i] - least) / range) : (byte)0;
        }
        return image;
    }

    /// <summary>The image cut into eight by eight tiles, in random order.</summary>
    private static RasterImage Shuffled(RasterImage image, RandomStream stream)
    {
        int[] order = [.. Enumerable.Range(0, Tiles * Tiles)];
        stream.Shuffle(order.AsSpan());
        var (width, height) = (image.Width / Tiles, image.Height / Tiles);
        var result = new RasterImage(image.Width, image.Height, 3);
        for (var tile = 0; tile < order.Length; tile++)
            for (var y = 0; y < height; y++)
                image.Pixels.AsSpan(At(order[tile], y), 3 * width).CopyTo(result.Pixels.AsSpan(At(tile, y)));
        return result;

        int At(int tile, int row) => 3 * ((tile / Tiles * height + row) * image.Width + tile % Tiles * width);
    }
}
