namespace Falcon.Metrics;

/// <summary>A metric over the pixels of maps and masks.</summary>
/// <param name="name">See <see cref="Metric.Name"/>.</param>
/// <param name="title">See <see cref="Metric.Title"/>.</param>
/// <param name="variant">See <see cref="Metric.Variant"/>.</param>
public abstract class PixelMetric(string name, string title, string? variant = null) : Metric(name, title, variant)
{
    /// <inheritdoc/>
    public sealed override bool NeedsMaps => true;

    /// <summary>The value as a fraction; null where it is not defined.</summary>
    /// <param name="pixels">The pixels of all test images of one category in order of their scores.</param>
    public abstract double? Of(PixelRanking pixels);

    /// <inheritdoc/>
    public sealed override double? Of(ImageRanking images, PixelRanking? pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return Of(pixels);
    }
}
