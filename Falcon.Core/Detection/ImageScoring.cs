using Falcon.Methods;
using Falcon.Protocol;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>From a network's maps to what is said of each image.</summary>
internal static class ImageScoring
{
    private const int BatchSize = 16;

    /// <summary>Scores images in their order, a few at a time.</summary>
    /// <param name="method">The network's method.</param>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="images">What the network reads of each; of one that is seen in tiles, all of them in their order. Disposed here.</param>
    /// <param name="imageScore">How an image gets its score; null for the method's.</param>
    public static IEnumerable<Prediction> Score(
        MethodOptions method, AnomalyNetwork network, IEnumerable<ImageInput> images, ImageScoreReducer? imageScore = null)
    {
        imageScore ??= method.ImageScore;
        WholeImage? whole = null;
        foreach (var batch in images.Chunk(BatchSize))
        {
            AnomalyMap[] maps;
            double[]? own;
            using (NewDisposeScope())
            {
                (var tensors, own) = network.Detect(ImageInput.Join(batch, method.Preprocessing).PlacedOn(network.Teacher.Device));
                maps = AnomalyMap.FromBatch(tensors);
            }
            for (var i = 0; i < batch.Length; i++)
            {
                var image = batch[i];
                image.Dispose();
                whole ??= new(method.Preprocessing, image);
                whole.Add(maps[i], own?[i]);
                if (!whole.IsComplete)
                    continue;
                var map = whole.Map.Within(image.Region);
                yield return new(image.Item, ScoreOf(map.Resize(image.Width, image.Height), whole.OwnScore), map, image.Width, image.Height);
                whole = null;
            }
        }

        double ScoreOf(AnomalyMap enlarged, double? own) => imageScore is ImageScoreReducer.Own
            ? own ?? throw new InvalidInputException($"{method.DisplayName} defines no score of its own", "image score own", "Use max, topMean or pooledMax.")
            : enlarged.Score(imageScore);
    }
}
