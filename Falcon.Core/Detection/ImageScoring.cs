using Falcon.Data;
using Falcon.Engine;
using Falcon.Methods;
using Falcon.Protocol;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>From a network's maps to what is said of each image.</summary>
internal static class ImageScoring
{
    /// <summary>Tiles that a network sees at once. Those of two photos never come together, so that what is said of a photo does not depend on others: libtorch takes other
    /// kernels for one input than for several.</summary>
    private const int MostTiles = 16;

    /// <summary>Scores images in their order, one after another.</summary>
    /// <param name="method">The network's method.</param>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="images">What the network reads of each; of one that is seen in tiles, all of them in their order. Disposed here.</param>
    /// <param name="imageScore">How an image gets its score; null for the method's.</param>
    public static IEnumerable<Prediction> Score(
        MethodOptions method, AnomalyNetwork network, IEnumerable<ImageInput> images, ImageScoreReducer? imageScore = null)
    {
        imageScore ??= method.ImageScore;
        WholeImage? whole = null;
        List<ImageInput> together = [];
        foreach (var image in images)
        {
            whole ??= new(method.Preprocessing, image.Width, image.Height);
            together.Add(image);
            if (together.Count < Math.Min(whole.Missing, MostTiles))
                continue;
            var (maps, own) = Detect(method, network, together);
            for (var i = 0; i < maps.Length; i++)
                whole.Add(maps[i], own?[i]);
            together.Clear();
            if (whole.Missing > 0)
                continue;
            var map = whole.Map.Within(image.Region);
            yield return new(image.Item, Finite(image.Item, ScoreOf(map.Resize(image.Width, image.Height), whole.OwnScore)), map, image.Width, image.Height);
            whole = null;
        }

        double Finite(ImageItem item, double score) => double.IsFinite(score) ? score : throw new InvalidInputException(
            $"gives {item.RelativeName} a score that is not finite", method.DisplayName, "Look for divisions by 0, or for a training that diverged: lower its learning rate.");

        double ScoreOf(AnomalyMap enlarged, double? own) => imageScore is ImageScoreReducer.Own
            ? own ?? throw new InvalidInputException($"{method.DisplayName} defines no score of its own", "image score own", "Use max, topMean or pooledMax.")
            : enlarged.Score(imageScore);
    }

    private static (AnomalyMap[] Maps, double[]? Own) Detect(MethodOptions method, AnomalyNetwork network, List<ImageInput> inputs)
    {
        try
        {
            ComputeThreads.Adopt();
            using var turn = new DeviceTurn(network.Teacher.Device);
            using var scope = NewDisposeScope();
            var (maps, own) = network.Detect(ImageInput.Join(inputs, method.Preprocessing).PlacedOn(network.Teacher.Device));
            return (AnomalyMap.FromBatch(maps), own);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }
}
