using Falcon.Data;
using Falcon.DrawnData;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Pretraining;

/// <summary>Batches of crops at many scales from drawn pictures and photos. A batch follows from the seed and its number alone; worker threads make the next
/// ones while a step computes.</summary>
/// <param name="options">Sizes and shares.</param>
/// <param name="photos">Photo files; those of an empty name are none.</param>
/// <param name="seed">The master seed.</param>
internal sealed class PictureCrops(TeacherPretrainingOptions options, IReadOnlyList<string> photos, MasterSeed seed) : IDisposable
{
    private const int Ahead = 3;

    /// <summary>Drawn pictures are this many times as wide as a crop.</summary>
    private const double PictureScale = 2.5;

    /// <summary>A folder counts as much as another, however many photos it holds.</summary>
    private readonly string[][] _photos = [.. photos.Where(photo => photo.Length > 0).GroupBy(Path.GetDirectoryName).Select(folder => folder.ToArray())];

    private readonly Preprocessing _preprocessing = Preprocessing.To(options.InputSize);
    private readonly Dictionary<long, Task<CropBatch>> _coming = [];

    /// <summary>The batch of a step; steps are asked for in order.</summary>
    public CropBatch Batch(long step)
    {
        for (var next = step; next <= Math.Min(step + Ahead, options.Steps - 1); next++)
            if (!_coming.ContainsKey(next))
                _coming[next] = Start($"{next}");
        _coming.Remove(step, out var batch);
        return batch!.GetAwaiter().GetResult();

        Task<CropBatch> Start(string name) => Task.Run(() => Draw(name));
    }

    /// <summary>A batch on which the source's channels are measured.</summary>
    public CropBatch StatisticsBatch(int number) => Draw($"statistics {number}");

    public void Dispose() => Task.WaitAll([.. _coming.Values]);

    private CropBatch Draw(string name)
    {
        var length = 3 * options.InputSize.Width * options.InputSize.Height;
        var pixels = new float[options.BatchSize * length];
        var families = new long[options.BatchSize];
        RasterImage? picture = null;
        for (var i = 0; i < options.BatchSize; i++)
        {
            var random = seed.Stream("crop", $"{name}/{i}");
            if (i % options.CropsPerPicture == 0)
                (picture, families[i]) = Picture(random);
            else
                families[i] = families[i - 1];
            _preprocessing.Normalise(CropAugmentation.Of(picture!, options.InputSize.Width, random)).CopyTo(pixels, i * length);
        }
        return new(pixels, families);
    }

    private (RasterImage Picture, long Family) Picture(RandomStream random)
    {
        if (!options.FromScratch && _photos.Length > 0 && random.NextDouble() < options.PhotoShare)
            return (ImageFile.ReadRgb(random.Pick(random.Pick(_photos))), -1);
        var family = random.NextInt(0, PictureFamily.All.Count - 1);
        return (PictureFamily.All[family].Draw(random, (int)(PictureScale * options.InputSize.Width)), family);
    }
}

/// <summary>What one step sees.</summary>
/// <param name="Pixels">(N, 3, S, S), ImageNet-normalised.</param>
/// <param name="Families">For each crop the position in <see cref="DrawnData.PictureFamily.All"/>; -1 for a photo.</param>
internal sealed record CropBatch(float[] Pixels, long[] Families);
