using System.Globalization;
using System.Text.Json.Serialization;
using Falcon.Protocol;

namespace Falcon.Metrics;

/// <summary>A metric together with everything that fixes its meaning: two numbers of the same <see cref="Metric"/> can be compared.</summary>
[JsonConverter(typeof(TextValueJsonConverter<Metric>))]
public sealed record Metric : ITextValue<Metric>
{
    private static readonly Dictionary<MetricKind, (string Name, string Title)> Names = new()
    {
        [MetricKind.ImageAuroc] = ("imageAuroc", "Image AUROC"),
        [MetricKind.ImageAp] = ("imageAp", "Image AP"),
        [MetricKind.ImageF1Max] = ("imageF1Max", "Image F1-max"),
        [MetricKind.PixelAuroc] = ("pixelAuroc", "Pixel AUROC"),
        [MetricKind.PixelAp] = ("pixelAp", "Pixel AP"),
        [MetricKind.PixelF1Max] = ("pixelF1Max", "Pixel F1-max"),
        [MetricKind.Aupro] = ("aupro", "AUPRO"),
        [MetricKind.RegionOverlap] = ("regionOverlap", "Region overlap"),
        [MetricKind.Aupimo] = ("aupimo", "AUPIMO"),
    };

    private Metric(MetricKind kind, double? limit = null, double? lower = null) => (Kind, Limit, Lower) = (kind, limit, lower);

    /// <summary>Area under the ROC curve over images.</summary>
    public static Metric ImageAuroc { get; } = new(MetricKind.ImageAuroc);

    /// <summary>Average precision over images.</summary>
    public static Metric ImageAp { get; } = new(MetricKind.ImageAp);

    /// <summary>Best F1 score over images.</summary>
    public static Metric ImageF1Max { get; } = new(MetricKind.ImageF1Max);

    /// <summary>Area under the ROC curve over pixels.</summary>
    public static Metric PixelAuroc { get; } = new(MetricKind.PixelAuroc);

    /// <summary>Average precision over pixels.</summary>
    public static Metric PixelAp { get; } = new(MetricKind.PixelAp);

    /// <summary>Best F1 score over pixels.</summary>
    public static Metric PixelF1Max { get; } = new(MetricKind.PixelF1Max);

    /// <summary>What is measured.</summary>
    public MetricKind Kind { get; }

    /// <summary>The false-positive rate up to which <see cref="MetricKind.Aupro"/> and <see cref="MetricKind.Aupimo"/> take the area, the score that is the
    /// threshold of <see cref="MetricKind.RegionOverlap"/>; null for the others.</summary>
    public double? Limit { get; }

    /// <summary>The false-positive rate from which on <see cref="MetricKind.Aupimo"/> takes the area; null for the others.</summary>
    public double? Lower { get; }

    /// <summary>The name in files and on the command line: <c>imageAuroc</c>, <c>aupro@0.3</c>, <c>aupimo@1e-5..1e-4</c>.</summary>
    public string Name => Names[Kind].Name + Suffix;

    /// <summary>The name in tables and figures: <c>Image AUROC</c>, <c>AUPRO@0.3</c>.</summary>
    public string Title => Names[Kind].Title + (Kind == MetricKind.Aupimo ? "" : Suffix);

    /// <summary>True when anomaly maps and masks are needed, false when image scores suffice.</summary>
    public bool NeedsMaps => Kind is not (MetricKind.ImageAuroc or MetricKind.ImageAp or MetricKind.ImageF1Max);

    /// <summary>What must be said beside a number so that it means one thing only; null where the title says all.</summary>
    public string? Variant => Kind switch
    {
        MetricKind.ImageF1Max => "F1-max: threshold chosen on the test images",
        MetricKind.PixelF1Max => "F1-max: threshold chosen on the test pixels",
        MetricKind.Aupro => string.Create(CultureInfo.InvariantCulture, $"AUPRO: 8-connected regions, false-positive rate up to {Limit}"),
        MetricKind.RegionOverlap when Limit is null => "region overlap: mean over 8-connected regions, threshold of the best pixel F1 score on the test pixels",
        MetricKind.RegionOverlap => string.Create(CultureInfo.InvariantCulture, $"region overlap: mean over 8-connected regions, threshold {Limit}"),
        MetricKind.Aupimo => $"AUPIMO: mean over images, shared false-positive rate from {Rate(Lower!.Value)} to {Rate(Limit!.Value)}, log scale",
        _ => null,
    };

    private string Suffix => (Lower, Limit) switch
    {
        ({ } lower, { } limit) => $"@{Rate(lower)}..{Rate(limit)}",
        (null, { } limit) => $"@{limit.ToString(CultureInfo.InvariantCulture)}",
        _ => "",
    };

    /// <summary>Area under the per-region overlap curve: 8-connected regions, false-positive rate over all normal pixels.</summary>
    /// <param name="limit">The false-positive rate up to which the area is taken, in (0, 1]; 0.3 is usual.</param>
    public static Metric Aupro(double limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1);
        return new Metric(MetricKind.Aupro, limit);
    }

    /// <summary>The share of a region that is found at one threshold, averaged over 8-connected regions.</summary>
    /// <param name="threshold">A score, finite; null takes the threshold with the best pixel F1 score.</param>
    public static Metric RegionOverlap(double? threshold = null)
    {
        if (threshold is { } score && !double.IsFinite(score))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a finite score.");
        return new Metric(MetricKind.RegionOverlap, threshold);
    }

    /// <summary>Area under the per-image overlap curve, averaged over images; see <see cref="PixelRanking.ImageOverlaps"/>.</summary>
    /// <param name="low">The lower limit of the shared false-positive rate, above 0; 1e-5 is usual.</param>
    /// <param name="high">The upper limit, above <paramref name="low"/> and at most 1e-3; 1e-4 is usual.</param>
    public static Metric Aupimo(double low = 1e-5, double high = 1e-4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, SharedFalsePositives.Highest);
        return new Metric(MetricKind.Aupimo, high, low);
    }

    /// <summary>Reads a <see cref="Name"/>; <c>aupimo</c> alone has the usual limits.</summary>
    /// <exception cref="InvalidInputException">There is no such metric.</exception>
    public static Metric Parse(string name)
    {
        var parts = name.Split('@');
        var values = parts.Length == 2 ? parts[1].Split("..").Select(Number).ToArray() : [];
        foreach (var (kind, names) in Names)
        {
            if (names.Name != parts[0] || parts.Length > 2)
                continue;
            switch (kind, values)
            {
                case (MetricKind.Aupro, [> 0 and <= 1 and var limit]):
                    return Aupro(limit);
                case (MetricKind.RegionOverlap, [{ } threshold]):
                    return RegionOverlap(threshold);
                case (MetricKind.Aupimo, [> 0 and var low, <= SharedFalsePositives.Highest and var high]) when low < high:
                    return Aupimo(low, high);
                case (MetricKind.Aupimo, []) when parts.Length == 1:
                    return Aupimo();
                case (not MetricKind.Aupro, []) when parts.Length == 1:
                    return new Metric(kind);
            }
        }
        var known = string.Join(", ", Names.Select(n => n.Key == MetricKind.Aupro ? "aupro@0.3" : n.Value.Name));
        throw new InvalidInputException(
            "there is no such metric",
            name,
            $"Use one of {known}; the limit of aupro is above 0 and at most 1, those of aupimo@1e-5..1e-4 ascend to at most 1e-3, regionOverlap may name a score.");
    }

    /// <summary>The value of this metric as a fraction; null where it is not defined (items of one class only).</summary>
    /// <param name="images">The test images of one category.</param>
    /// <param name="pixels">Their pixels; may be null unless the metric <see cref="NeedsMaps"/>.</param>
    public double? Of(ImageRanking images, PixelRanking? pixels = null)
    {
        if (NeedsMaps)
            ArgumentNullException.ThrowIfNull(pixels);
        return Kind switch
        {
            MetricKind.ImageAuroc => images.Auroc,
            MetricKind.ImageAp => images.AveragePrecision,
            MetricKind.ImageF1Max => images.F1Max?.Value,
            MetricKind.PixelAuroc => pixels!.Auroc,
            MetricKind.PixelAp => pixels!.AveragePrecision,
            MetricKind.PixelF1Max => pixels!.F1Max?.Value,
            MetricKind.RegionOverlap => pixels!.RegionOverlap(Limit),
            MetricKind.Aupimo => pixels!.Aupimo(Lower!.Value, Limit!.Value),
            _ => pixels!.Aupro(Limit!.Value),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Rate(double rate) => rate.ToString("0.##########e-0", CultureInfo.InvariantCulture);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
