using Falcon.Imaging;
using Falcon.Protocol;
using static TorchSharp.torch;

namespace Falcon.Data;

/// <summary>Decodes images on worker threads ahead of the consumer, in their order.</summary>
public static class ImageLoader
{
    private const int LookAheadPerWorker = 4;

    /// <summary>Loads images one by one, one that is seen in tiles tile by tile; a few are decoded ahead. The number of workers does not change the result. The tensors are
    /// made on the consumer's thread, in its dispose scope.</summary>
    /// <param name="images">In the order in which they are wanted.</param>
    /// <param name="preprocessing">How an image becomes an input.</param>
    /// <param name="workers">Images decoded at the same time, at least 1.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    /// <param name="lookAhead">How many images may wait, at least 1; by default four for every worker, one where they are large and seen in tiles.</param>
    /// <exception cref="InvalidInputException">An image cannot be read, or is smaller than a tile; it is raised in that image's turn.</exception>
    public static IEnumerable<LoadedImage> Load(
        IEnumerable<ImageItem> images, Preprocessing preprocessing, int workers, CancellationToken cancellation = default, int? lookAhead = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var most = lookAhead ?? workers * (preprocessing.Tiling is null ? LookAheadPerWorker : 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(lookAhead));
        return Ahead(images, preprocessing, workers, most, cancellation);
    }

    /// <summary>An image that is in memory, as <see cref="Load"/> gives one of a file with the same pixels.</summary>
    /// <param name="item">What it is called.</param>
    /// <param name="image">RGB; what is outside of its region of interest is painted over.</param>
    /// <param name="preprocessing">How an image becomes an input.</param>
    /// <exception cref="InvalidInputException">It is smaller than a tile.</exception>
    internal static IEnumerable<LoadedImage> Of(ImageItem item, RasterImage image, Preprocessing preprocessing) =>
        Inputs(Fit(item, image, item.RelativeName, preprocessing), preprocessing);

    private static IEnumerable<LoadedImage> Ahead(
        IEnumerable<ImageItem> images, Preprocessing preprocessing, int workers, int most, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var threads = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;
        var waiting = new Queue<Task<Decoded>>();
        using var remaining = images.GetEnumerator();
        try
        {
            while (true)
            {
                while (waiting.Count < most && remaining.MoveNext())
                {
                    var item = remaining.Current;
                    waiting.Enqueue(Task.Factory.StartNew(() => Decode(item, preprocessing), stop.Token, TaskCreationOptions.None, threads));
                }
                cancellation.ThrowIfCancellationRequested();
                if (!waiting.TryDequeue(out var next))
                    yield break;
                foreach (var input in Inputs(next.GetAwaiter().GetResult(), preprocessing))
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return input;
                }
            }
        }
        finally
        {
            // A consumer that leaves early must not leave threads behind that still read files.
            stop.Cancel();
            foreach (var task in waiting)
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }

    private static Decoded Decode(ImageItem item, Preprocessing preprocessing) => Fit(item, preprocessing.ReadWhole(item), item.Path, preprocessing);

    private static Decoded Fit(ImageItem item, RasterImage image, string name, Preprocessing preprocessing)
    {
        var region = preprocessing.RegionOf(item);
        return new(item, preprocessing.Resize(preprocessing.Covered(image, region, name)), image.Width, image.Height, region);
    }

    private static IEnumerable<LoadedImage> Inputs(Decoded image, Preprocessing preprocessing) =>
        preprocessing.Inputs(image.Resized).Select((pixels, tile) => new LoadedImage(
            image.Item, tensor(preprocessing.Normalise(pixels), [3, preprocessing.Height, preprocessing.Width], device: CPU), image.Width, image.Height,
            preprocessing.Tiling is null ? null : tile, image.Region));

    private sealed record Decoded(ImageItem Item, RasterImage Resized, int Width, int Height, RegionOfInterest? Region);
}
