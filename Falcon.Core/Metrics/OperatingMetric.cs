namespace Falcon.Metrics;

/// <summary>A metric at one threshold: the one that a detector has from good photos that were held out of it, as its users meet it.</summary>
/// <param name="name">See <see cref="Metric.Name"/>.</param>
/// <param name="title">See <see cref="Metric.Title"/>.</param>
/// <param name="rate">The rate of false alarms that the threshold is made for, in (0, 0.5).</param>
/// <param name="variant">See <see cref="Metric.Variant"/>.</param>
public abstract class OperatingMetric(string name, string title, double rate, string? variant = null) : Metric(name, title, variant)
{
    /// <inheritdoc/>
    public sealed override bool NeedsMaps => false;

    /// <inheritdoc/>
    public sealed override double? FalseAlarmRate => rate;

    /// <summary>The value as a fraction; not a number where it is not defined.</summary>
    /// <param name="point">The test images of one category at the threshold.</param>
    public abstract double Of(OperatingPoint point);

    /// <inheritdoc/>
    public sealed override double? Of(ImageRanking images, PixelRanking? pixels) =>
        Threshold(images, pixels) is { } threshold && Of(new OperatingPoint(threshold, images)) is var value && double.IsFinite(value) ? value : null;

    /// <inheritdoc/>
    public sealed override double? Threshold(ImageRanking images, PixelRanking? pixels) =>
        images.HeldOut.Count > 0 ? FalseAlarmLimit.Of(images.HeldOut, rate, models: images.HeldOutModels) : null;
}
