using Falcon.Data;
using Falcon.Detection;
using Falcon.DrawnData;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Export;

/// <summary>The images that an export is proven on: sixteen, at the size of the input, always the same for the same detector and photos. First come photos that are given
/// and those that the detector keeps, as they are and with damage, then drawn parts, patterns and noise.</summary>
internal static class ProofImages
{
    /// <summary>How many there are.</summary>
    public const int Count = 16;

    private const int MostGiven = 6, MostDamaged = 3;

    /// <summary>The images, RGB.</summary>
    /// <param name="detector">Says the size, and may keep photos.</param>
    /// <param name="photos">Photos of parts; may be empty.</param>
    /// <exception cref="InvalidInputException">A photo cannot be read.</exception>
    public static IReadOnlyList<RasterImage> Of(Detector detector, IReadOnlyList<ImageItem> photos)
    {
        var preprocessing = detector.Card.Method.Preprocessing;
        // Of many photos some from the first to the last: folders are often in the order of defects.
        var given = Enumerable.Range(0, Math.Min(photos.Count, MostGiven)).Select(i => Input(photos[photos.Count <= MostGiven ? i : i * photos.Count / MostGiven])).ToArray();
        var known = given.Concat(detector.Photos?.Inputs.Select(input => input.Picture) ?? []).Take(MostGiven).ToArray();
        var random = new MasterSeed(0).Stream("export-proof");
        return [.. known.Concat(known.Take(MostDamaged).Select(photo => Damaged(photo, random))).Concat(Drawn(preprocessing, random)).Take(Count)];

        // Of a photo in tiles one of the middle.
        RasterImage Input(ImageItem photo)
        {
            RasterImage[] inputs = [.. preprocessing.Inputs(preprocessing.Resize(preprocessing.Read(photo)))];
            return inputs[inputs.Length / 2];
        }
    }

    /// <summary>A copy with a patch of noise.</summary>
    private static RasterImage Damaged(RasterImage photo, RandomStream random)
    {
        var copy = new RasterImage(photo.Width, photo.Height, 3, (byte[])photo.Pixels.Clone());
        int width = photo.Width / 6, height = photo.Height / 8, left = random.NextInt(0, photo.Width - width), top = random.NextInt(0, photo.Height - height);
        for (var y = top; y < top + height; y++)
            for (var x = 3 * left; x < 3 * (left + width); x++)
                copy.Pixels[3 * y * photo.Width + x] = (byte)random.NextInt(0, 255);
        return copy;
    }

    private static IEnumerable<RasterImage> Drawn(Preprocessing preprocessing, RandomStream random)
    {
        var (width, height) = (preprocessing.Width, preprocessing.Height);
        var side = Math.Max(width, height);
        var seed = new MasterSeed(0);
        foreach (var scene in Scene.All)
        {
            yield return Fitted(scene.Draw(seed, "proof", size: side).Picture);
            yield return Fitted(scene.Draw(seed, "proof", scene.DefectNames[0], side).Picture);
        }
        yield return Filled(_ => 128);
        yield return Filled(_ => (byte)(112 + random.NextInt(0, 31)));
        yield return Filled(i => (byte)(255 * (i / 3 % width) / width));
        foreach (var family in PictureFamily.All)
            yield return Fitted(family.Draw(seed.Stream("export-proof", family.Name), side));

        RasterImage Fitted(RasterImage picture) => picture.Resize(width, height, ResizeFilter.Bilinear);

        RasterImage Filled(Func<int, byte> value) => new(width, height, 3, [.. Enumerable.Range(0, 3 * width * height).Select(value)]);
    }
}
