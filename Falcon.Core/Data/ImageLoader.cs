using Falcon.Imaging;
using static TorchSharp.torch;

namespace Falcon.Data;

/// <summary>Decodes images on worker threads ahead of the consumer, in their order.</summary>
public static class ImageLoader
{
    private const int LookAheadPerWorker = 4;

    /// <summary>Loads images one by one; a few are decoded ahead. The number of workers does not change the result.</summary>
    /// <param name="images">In the order in which they are wanted.</param>
    /// <param name="preprocessing">How an image becomes an input.</param>
    /// <param name="workers">Decoding threads, at least 1.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    /// <exception cref="InvalidInputException">An image cannot be read; it is raised in that image's turn.</exception>
    public static IEnumerable<LoadedImage> Load(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, int workers, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        return Ahead(images, preprocessing, workers, cancellation);
    }

    private static IEnumerable<LoadedImage> Ahead(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, int workers, CancellationToken cancellation)
    {
        var gate = new SemaphoreSlim(workers);
        var ahead = new Queue<Task<(float[] Values, int Width, int Height)>>();
        var next = 0;
        foreach (var item in images)
        {
            for (; next < images.Count && ahead.Count < workers * LookAheadPerWorker; next++)
                ahead.Enqueue(Decode(images[next].Path));
            cancellation.ThrowIfCancellationRequested();
            var (values, width, height) = ahead.Dequeue().GetAwaiter().GetResult();
            yield return new(item, tensor(values, [3, preprocessing.Height, preprocessing.Width]), width, height);
        }

        async Task<(float[], int, int)> Decode(string path)
        {
            await gate.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await Task.Run(
                    () =>
                    {
                        var image = ImageFile.ReadRgb(path);
                        return (preprocessing.Apply(image), image.Width, image.Height);
                    },
                    cancellation).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        }
    }
}
