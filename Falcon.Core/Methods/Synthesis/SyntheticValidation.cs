using Falcon.Data;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>Photos of good parts as a category to choose settings with: some to learn from, the others held out, as they are and with synthetic anomalies. Model
/// selection without labelled defects needs no more (Fung et al., "Model selection of anomaly detectors in the absence of labeled validation data", 2023);
/// anomalies are patches of a photo at other places of it, as in CutPaste (Li et al., CVPR 2021) and NSA (Schlüter et al., ECCV 2022).</summary>
public static class SyntheticValidation
{
    /// <summary>Raised by hand when the same photos give other files.</summary>
    public const int Version = 1;

    private const int Attempts = 50;
    private const double LeastShare = 0.0005;

    private static readonly PatchSwapSettings[] Ways =
    [
        new(2, new(0.02, 0.12), new(0.02, 0.12), Background: null, 0, 0),
        new(2, new(0.02, 0.12), new(0.02, 0.12), Background: null, 0, 0) { Blending = PatchBlending.Poisson },
    ];

    /// <summary>Writes the category into a folder, or opens it when it is there already; a folder of this name is always complete.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="dataSet">The name of the data set.</param>
    /// <param name="photos">Photos of good parts, at least two.</param>
    /// <param name="fold">Which share is held out, from 0 to below <paramref name="folds"/>.</param>
    /// <param name="folds">How many shares there are, from 2 to the number of photos; each photo is in one of them.</param>
    /// <param name="seed">Which photo is in which share, and the anomalies.</param>
    /// <param name="anomalies">Anomalous images, at least one of each photo that is held out.</param>
    /// <param name="whiteLevel">What is white in photos of 16 bits, as the method sees them; null for 65535.</param>
    /// <exception cref="InvalidInputException">There are fewer photos than shares, or a file cannot be read or written.</exception>
    public static Category Write(
        string folder, string dataSet, IReadOnlyList<ImageItem> photos, int fold, int folds, MasterSeed seed, int anomalies = 20, int? whiteLevel = null)
    {
        if (photos.Count < folds)
            throw new InvalidInputException(
                $"{photos.Count} photos cannot be held out in {folds} shares", dataSet, "Choose settings with two or more photos, and at most as many shares.");
        try
        {
            if (!Directory.Exists(folder))
                AtomicFolder.Write(folder, partial => Draw(partial, photos, fold, folds, seed, anomalies, whiteLevel));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written ({error.Message})", folder, "Free some space, or name another store.");
        }
        var written = DataFolder.Detect(folder);
        var category = written.Open(written.Categories[0]);
        return category with { DataSet = dataSet, TrainImages = LookedAt(category.TrainImages), TestImages = LookedAt(category.TestImages) };

        // File names begin with the number of the photo.
        IReadOnlyList<ImageItem> LookedAt(IReadOnlyList<ImageItem> images) =>
            [.. images.Select(image => image with { RegionPath = photos[int.Parse(Path.GetFileName(image.Path).Split('-')[0])].RegionPath })];
    }

    private static void Draw(string folder, IReadOnlyList<ImageItem> photos, int fold, int folds, MasterSeed seed, int anomalies, int? whiteLevel)
    {
        int[] order = [.. Enumerable.Range(0, photos.Count)];
        seed.Stream("validation-shares").Shuffle<int>(order);
        int[] held = [.. order.Where((_, place) => place % folds == fold).Order()];
        foreach (var place in new[] { "train/good", "test/good", "test/synthetic", "ground_truth/synthetic" })
            Directory.CreateDirectory(Path.Combine(folder, place));
        const int longest = 200;
        for (var i = 0; i < photos.Count; i++)
        {
            var (name, ending) = (Path.GetFileNameWithoutExtension(photos[i].Path), Path.GetExtension(photos[i].Path));
            File.Copy(photos[i].Path, Path.Combine(folder, held.Contains(i) ? "test/good" : "train/good", $"{i:D4}-{FileName.Shortened(name, longest)}{ending}"));
        }
        var each = (anomalies + held.Length - 1) / held.Length;
        foreach (var i in held)
        {
            var photo = ImageFile.ReadScaled(photos[i].Path, whiteLevel);
            for (var number = 0; number < each; number++)
            {
                var (image, mask) = Anomaly(photo, Ways[number % Ways.Length], seed.Stream("validation-anomaly", $"{i}/{number}"));
                ImageFile.WritePng(Path.Combine(folder, "test/synthetic", $"{i:D4}-{number:D3}.png"), image);
                ImageFile.WritePng(Path.Combine(folder, "ground_truth/synthetic", $"{i:D4}-{number:D3}_mask.png"), mask);
            }
        }
    }

    /// <summary>A change that can be seen; of a photo of one colour the last attempt.</summary>
    private static (RasterImage Image, RasterImage Mask) Anomaly(RasterImage photo, PatchSwapSettings way, RandomStream stream)
    {
        var swap = new PatchSwap(photo, way);
        for (var attempt = 1; ; attempt++)
        {
            var swapped = swap.Draw(new PatchDraws(stream));
            var label = swapped.Label();
            if (label.Pixels.Count(pixel => pixel != 0) < LeastShare * label.Pixels.Length && attempt < Attempts)
                continue;
            for (var i = 0; i < label.Pixels.Length; i++)
                label.Pixels[i] *= 255;
            return (swapped.Image, label);
        }
    }
}
