using System.Collections;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Detection;

/// <summary>Predicted maps beside the masks of their images, at the size of the photos; each is enlarged, and its mask read, when it is asked for.</summary>
/// <param name="predictions">Predictions of images with labels.</param>
/// <param name="threshold">Which gray values of a mask mean defect.</param>
public sealed class PredictedMaps(IReadOnlyList<Prediction> predictions, MaskThreshold threshold) : IReadOnlyList<AnomalyMapSample>
{
    /// <inheritdoc/>
    public int Count => predictions.Count;

    /// <inheritdoc/>
    public AnomalyMapSample this[int index]
    {
        get
        {
            var prediction = predictions[index];
            var map = prediction.Map.Resize(prediction.Width, prediction.Height);
            var mask = prediction.Item.MaskPath is { } path
                ? DefectMask.Read(path, threshold).Resize(prediction.Width, prediction.Height, ResizeFilter.Nearest).Pixels
                : [];
            return new(prediction.Item.RelativeName, map.Width, map.Values, mask);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<AnomalyMapSample> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
