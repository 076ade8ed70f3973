using System.Text.Json.Serialization;
using Falcon.Protocol;

namespace Falcon.Metrics;

/// <summary>A metric together with everything that fixes its meaning: two numbers under one name can be compared. Derive from <see cref="ImageMetric"/> or
/// <see cref="PixelMetric"/> to add one.</summary>
[JsonConverter(typeof(TextValueJsonConverter<Metric>))]
public abstract class Metric : IEquatable<Metric>, ITextValue<Metric>
{
    private protected Metric(string name, string title, string? variant)
    {
        if (name.Length == 0 || name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '/' or '\\' or '"'))
            throw new InvalidInputException("is no name of a metric", $"'{name}'", "Use letters, digits, '.', '-', '_' and '@'.");
        (Name, Title, Variant) = (name, title, variant);
    }

    /// <summary>The name in files and on the command line: <c>imageAuroc</c>, <c>aupro@0.3</c>, <c>aupimo@1e-5..1e-4</c>. It is part of the key under which a
    /// value is kept: a metric that computes otherwise needs another name.</summary>
    public string Name { get; }

    /// <summary>The name in tables and figures: <c>Image AUROC</c>, <c>AUPRO@0.3</c>.</summary>
    public string Title { get; }

    /// <summary>What must be said beside a number so that it means one thing only, a line under tables; null where the title says all.</summary>
    public string? Variant { get; }

    /// <summary>True when anomaly maps and masks are needed, false when image scores suffice.</summary>
    public abstract bool NeedsMaps { get; }

    /// <summary>The rate of false alarms for which the metric's threshold is made from scores of held-out good photos (<see cref="ImageRanking.HeldOut"/>), in (0, 0.5); null
    /// for metrics that need none.</summary>
    public virtual double? FalseAlarmRate => null;

    /// <summary>Whether a smaller value is the better one.</summary>
    public virtual bool LowerIsBetter => false;

    /// <summary>Area under the ROC curve over images.</summary>
    public static Metric ImageAuroc => MetricDefinitions.ImageAuroc;

    /// <summary>Average precision over images.</summary>
    public static Metric ImageAp => MetricDefinitions.ImageAp;

    /// <summary>Best F1 score over images, over all thresholds.</summary>
    public static Metric ImageF1Max => MetricDefinitions.ImageF1Max;

    /// <summary>Area under the ROC curve over pixels.</summary>
    public static Metric PixelAuroc => MetricDefinitions.PixelAuroc;

    /// <summary>Average precision over pixels.</summary>
    public static Metric PixelAp => MetricDefinitions.PixelAp;

    /// <summary>Best F1 score over pixels, over all thresholds.</summary>
    public static Metric PixelF1Max => MetricDefinitions.PixelF1Max;

    /// <summary>Area under the per-region overlap curve: 8-connected regions, false-positive rate over all normal pixels.</summary>
    /// <param name="limit">The false-positive rate up to which the area is taken, in (0, 1]; 0.3 is usual.</param>
    /// <exception cref="InvalidInputException">The limit is no such rate.</exception>
    public static Metric Aupro(double limit)
    {
        if (!(limit is > 0 and <= 1))
            throw new InvalidInputException($"{limit} is no rate of false positives", "metric AUPRO", "Give a number above 0 and at most 1: 0.3 for 30 %.");
        return MetricDefinitions.Aupro(limit);
    }

    /// <summary>The share of a region that is found at one threshold, averaged over 8-connected regions.</summary>
    /// <param name="threshold">A score, finite; null takes the threshold with the best pixel F1 score.</param>
    public static Metric RegionOverlap(double? threshold = null) => threshold is { } score && !double.IsFinite(score)
        ? throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a finite score.")
        : MetricDefinitions.RegionOverlap(threshold);

    /// <summary>Area under the per-image overlap curve, averaged over images; see <see cref="PixelRanking.ImageOverlaps"/>.</summary>
    /// <param name="low">The lower limit of the shared false-positive rate, above 0; 1e-5 is usual.</param>
    /// <param name="high">The upper limit, above <paramref name="low"/> and at most 1e-3; 1e-4 is usual.</param>
    public static Metric Aupimo(double low = 1e-5, double high = 1e-4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, SharedFalsePositives.Highest);
        return MetricDefinitions.Aupimo(low, high);
    }

    /// <summary>The share of good images above the detector's own threshold.</summary>
    /// <param name="rate">The rate of false alarms that the threshold is made for, in (0, 0.5).</param>
    public static Metric FalseAlarms(double rate = FalseAlarmLimit.UsualRate) => MetricDefinitions.FalseAlarms(Stated(rate));

    /// <summary>The share of anomalous images that the detector's own threshold misses.</summary>
    /// <param name="rate">The rate of false alarms that the threshold is made for, in (0, 0.5).</param>
    public static Metric Misses(double rate = FalseAlarmLimit.UsualRate) => MetricDefinitions.Misses(Stated(rate));

    /// <summary>The mean of the shares of good images that pass the detector's own threshold and of anomalous ones that do not.</summary>
    /// <param name="rate">The rate of false alarms that the threshold is made for, in (0, 0.5).</param>
    public static Metric BalancedAccuracy(double rate = FalseAlarmLimit.UsualRate) => MetricDefinitions.BalancedAccuracy(Stated(rate));

    /// <summary>Reads a <see cref="Name"/>; <c>aupimo</c> alone has the usual limits. Metrics of other loaded assemblies are known by their names, too.</summary>
    /// <exception cref="InvalidInputException">There is no such metric.</exception>
    public static Metric Parse(string name) => MetricDefinitions.TryParse(name) ?? Extensions.Of<Metric>().FirstOrDefault(metric => metric.Name == name)
        ?? throw new InvalidInputException(
            "there is no such metric", name,
            $"Use one of {MetricDefinitions.Known}; the limit of aupro is above 0 and at most 1, those of aupimo@1e-5..1e-4 ascend to at most 1e-3, regionOverlap "
            + "may name a score, and a rate of false alarms is from 1e-6 to below 0.5.");

    private static double Stated(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, FalseAlarmLimit.LeastRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rate, 0.5);
        return rate;
    }

    /// <summary>A metric of which no more than name and words are known, as results have it that were measured elsewhere.</summary>
    internal static Metric Recorded(string name, string title, string? variant, bool needsMaps) => new RecordedMetric(name, title, variant, needsMaps);

    /// <summary>Whether it bears the name of a metric that Falcon brings, and is another one.</summary>
    public bool IsImpostor => MetricDefinitions.TryParse(Name) is { } own && own.GetType() != GetType();

    /// <summary>The value of this metric as a fraction; null where it is not defined (items of one class only).</summary>
    /// <param name="images">The test images of one category.</param>
    /// <param name="pixels">Their pixels; may be null unless the metric <see cref="NeedsMaps"/>.</param>
    public abstract double? Of(ImageRanking images, PixelRanking? pixels = null);

    /// <summary>The score at which the value holds, for a metric of one threshold; null for others.</summary>
    /// <param name="images">The test images of one category.</param>
    /// <param name="pixels">Their pixels, where there are maps.</param>
    public virtual double? Threshold(ImageRanking images, PixelRanking? pixels) => null;

    /// <summary>The value of each image, for a metric that is a mean over images; empty for others.</summary>
    /// <param name="pixels">The pixels of the test images of one category.</param>
    public virtual IReadOnlyList<ImageOverlap> PerImage(PixelRanking pixels) => [];

    /// <inheritdoc/>
    public bool Equals(Metric? other) => other is not null && other.Name == Name;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Metric);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether both have one name.</summary>
    public static bool operator ==(Metric? left, Metric? right) => Equals(left, right);

    /// <summary>Whether names differ.</summary>
    public static bool operator !=(Metric? left, Metric? right) => !Equals(left, right);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    private sealed class RecordedMetric(string name, string title, string? variant, bool needsMaps) : Metric(name, title, variant)
    {
        public override bool NeedsMaps => needsMaps;

        public override double? Of(ImageRanking images, PixelRanking? pixels) =>
            throw new InvalidOperationException($"'{Name}' was measured by a program that is not loaded.");
    }
}
