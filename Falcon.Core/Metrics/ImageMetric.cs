namespace Falcon.Metrics;

/// <summary>A metric over image scores.</summary>
/// <param name="name">See <see cref="Metric.Name"/>.</param>
/// <param name="title">See <see cref="Metric.Title"/>.</param>
/// <param name="variant">See <see cref="Metric.Variant"/>.</param>
/// <example>The share of anomalous images above every good one: <code>
/// public sealed class PerfectRecall() : ImageMetric("perfectRecall", "Recall without false alarms")
/// {
///     public override double? Of(ImageRanking images) => images.Positives == 0 ? null
///         : (double)images.Groups.TakeWhile(tied => tied.Negatives == 0).Sum(tied => tied.Positives) / images.Positives;
/// }
/// </code></example>
public abstract class ImageMetric(string name, string title, string? variant = null) : Metric(name, title, variant)
{
    /// <inheritdoc/>
    public sealed override bool NeedsMaps => false;

    /// <summary>The value as a fraction; null where it is not defined.</summary>
    /// <param name="images">The test images of one category in order of their scores.</param>
    public abstract double? Of(ImageRanking images);

    /// <inheritdoc/>
    public sealed override double? Of(ImageRanking images, PixelRanking? pixels) => Of(images);
}
