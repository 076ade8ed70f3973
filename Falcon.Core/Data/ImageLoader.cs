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
                var (image, resized, width, height, region) = next.GetAwaiter().GetResult();
                foreach (var (tile, pixels) in preprocessing.Inputs(resized).Index())
                {
                    cancellation.ThrowIfCancellationRequested();
                    var values = tensor(preprocessing.Normalise(pixels), [3, preprocessing.Height, preprocessing.Width], device: CPU);
                    yield return new(image, values, width, height, preprocessing.Tiling is null ? null : tile, region);
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

    private static Decoded Decode(ImageItem item, Preprocessing preprocessing)
    {
        var region = preprocessing.RegionOf(item);
        var image = preprocessing.Covered(ImageFile.ReadRgb(item.Path), region, item.Path);
        return new(item, preprocessing.Resize(image), image.Width, image.Height, region);
    }

    private sealed record Decoded(ImageItem Item, RasterImage Resized, int Width, int Height, RegionOfInterest? Region);
}
