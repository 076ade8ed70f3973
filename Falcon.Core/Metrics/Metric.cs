using System.Globalization;
using System.Text.Json.Serialization;
using Falcon.Results;

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
    };

    private Metric(MetricKind kind, double? limit = null) => (Kind, Limit) = (kind, limit);

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

    /// <summary>The false-positive rate up to which <see cref="MetricKind.Aupro"/> takes the area; null for the others.</summary>
    public double? Limit { get; }

    /// <summary>The name in files and on the command line: <c>imageAuroc</c>, <c>aupro@0.3</c>.</summary>
    public string Name => Names[Kind].Name + (Limit is { } limit ? $"@{limit.ToString(CultureInfo.InvariantCulture)}" : "");

    /// <summary>The name in tables and figures: <c>Image AUROC</c>, <c>AUPRO@0.3</c>.</summary>
    public string Title => Names[Kind].Title + (Limit is { } limit ? $"@{limit.ToString(CultureInfo.InvariantCulture)}" : "");

    /// <summary>True when anomaly maps and masks are needed, false when image scores suffice.</summary>
    public bool NeedsMaps => Kind is MetricKind.PixelAuroc or MetricKind.PixelAp or MetricKind.PixelF1Max or MetricKind.Aupro;

    /// <summary>What must be said beside a number so that it means one thing only; null where the title says all.</summary>
    public string? Variant => Kind switch
    {
        MetricKind.ImageF1Max => "F1-max: threshold chosen on the test images",
        MetricKind.PixelF1Max => "F1-max: threshold chosen on the test pixels",
        MetricKind.Aupro => string.Create(CultureInfo.InvariantCulture, $"AUPRO: 8-connected regions, false-positive rate up to {Limit}"),
        _ => null,
    };

    /// <summary>Area under the per-region overlap curve: 8-connected regions, false-positive rate over all normal pixels.</summary>
    /// <param name="limit">The false-positive rate up to which the area is taken, in (0, 1]; 0.3 is usual.</param>
    public static Metric Aupro(double limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1);
        return new Metric(MetricKind.Aupro, limit);
    }

    /// <summary>Reads a <see cref="Name"/>.</summary>
    /// <exception cref="InvalidInputException">There is no such metric.</exception>
    public static Metric Parse(string name)
    {
        var parts = name.Split('@');
        foreach (var (kind, names) in Names)
        {
            if (names.Name != parts[0])
                continue;
            if (kind != MetricKind.Aupro && parts.Length == 1)
                return new Metric(kind);
            if (kind == MetricKind.Aupro && parts.Length == 2
                && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= 1)
                return Aupro(limit);
        }
        var known = string.Join(", ", Names.Select(n => n.Key == MetricKind.Aupro ? "aupro@0.3" : n.Value.Name));
        throw new InvalidInputException("there is no such metric", name, $"Use one of {known}; the limit of aupro is above 0 and at most 1.");
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
            _ => pixels!.Aupro(Limit!.Value),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
