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
    /// <param name="images">What the network reads of each; disposed here.</param>
    /// <param name="imageScore">How an image gets its score; null for the method's.</param>
    public static IEnumerable<Prediction> Score(
        MethodOptions method, AnomalyNetwork network, IEnumerable<ImageInput> images, ImageScoreReducer? imageScore = null)
    {
        imageScore ??= method.ImageScore;
        foreach (var batch in images.Chunk(BatchSize))
        {
            AnomalyMap[] maps;
            double[]? own;
            using (NewDisposeScope())
            {
                (var tensors, own) = network.Detect(ImageInput.Join(batch).PlacedOn(network.Teacher.Device));
                maps = AnomalyMap.FromBatch(tensors);
            }
            for (var i = 0; i < batch.Length; i++)
            {
                var (image, preprocessing) = (batch[i], method.Preprocessing);
                image.Dispose();
                var map = preprocessing.CropOf(image.Width, image.Height) is { } crop ? maps[i].Uncropped(crop, preprocessing.Width, preprocessing.Height) : maps[i];
                yield return new(image.Item, ScoreOf(map.Resize(image.Width, image.Height), own?[i]), map, image.Width, image.Height);
            }
        }

        double ScoreOf(AnomalyMap enlarged, double? own) => imageScore is ImageScoreReducer.Own
            ? own ?? throw new InvalidInputException($"{method.DisplayName} defines no score of its own", "image score own", "Use max, topMean or pooledMax.")
            : imageScore.Of(enlarged.Values, enlarged.Width, enlarged.Height);
    }
}
