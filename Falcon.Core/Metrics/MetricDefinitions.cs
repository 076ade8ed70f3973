using System.Globalization;

namespace Falcon.Metrics;

/// <summary>The metrics of the field.</summary>
internal static class MetricDefinitions
{
    public static readonly Metric ImageAuroc = new OverImages("imageAuroc", "Image AUROC", images => images.Auroc);

    public static readonly Metric ImageAp = new OverImages("imageAp", "Image AP", images => images.AveragePrecision);

    public static readonly Metric ImageF1Max = new OverImages("imageF1Max", "Image F1-max", images => images.F1Max?.Value, "F1-max: threshold chosen on the test images",
        images => images.F1Max?.Threshold);

    public static readonly Metric PixelAuroc = new OverPixels("pixelAuroc", "Pixel AUROC", pixels => pixels.Auroc);

    public static readonly Metric PixelAp = new OverPixels("pixelAp", "Pixel AP", pixels => pixels.AveragePrecision);

    public static readonly Metric PixelF1Max = new OverPixels("pixelF1Max", "Pixel F1-max", pixels => pixels.F1Max?.Value, "F1-max: threshold chosen on the test pixels",
        pixels => pixels.F1Max?.Threshold);

    /// <summary>The names, for messages.</summary>
    public static readonly string Known = string.Join(", ", new[] { ImageAuroc, ImageAp, ImageF1Max, PixelAuroc, PixelAp, PixelF1Max }.Select(metric => metric.Name))
        + ", aupro@0.3, regionOverlap, aupimo, falseAlarms, misses, balancedAccuracy";

    private static readonly Metric[] Plain = [ImageAuroc, ImageAp, ImageF1Max, PixelAuroc, PixelAp, PixelF1Max];

    public static Metric Aupro(double limit) => new OverPixels($"aupro@{Text(limit)}", $"AUPRO@{Text(limit)}", pixels => pixels.Aupro(limit),
        $"AUPRO: 8-connected regions, false-positive rate up to {Text(limit)}");

    public static Metric RegionOverlap(double? threshold) => threshold is { } score
        ? new OverPixels($"regionOverlap@{Text(score)}", $"Region overlap@{Text(score)}", pixels => pixels.RegionOverlap(score),
            $"region overlap: mean over 8-connected regions, threshold {Text(score)}", _ => score)
        : new OverPixels("regionOverlap", "Region overlap", pixels => pixels.RegionOverlap(),
            "region overlap: mean over 8-connected regions, threshold of the best pixel F1 score on the test pixels", pixels => pixels.F1Max?.Threshold);

    public static Metric Aupimo(double low, double high) => new OverPixels($"aupimo@{Rate(low)}..{Rate(high)}", "AUPIMO", pixels => pixels.Aupimo(low, high),
        $"AUPIMO: mean over images, shared false-positive rate from {Rate(low)} to {Rate(high)}, log scale", perImage: pixels => pixels.ImageOverlaps(low, high));

    public static Metric FalseAlarms(double rate) => new AtOwnThreshold("falseAlarms", "False alarms", rate, point => point.FalseAlarms.Value, lowerIsBetter: true);

    public static Metric Misses(double rate) => new AtOwnThreshold("misses", "Misses", rate, point => point.Misses.Value, lowerIsBetter: true);

    public static Metric BalancedAccuracy(double rate) => new AtOwnThreshold("balancedAccuracy", "Balanced accuracy", rate, point => point.BalancedAccuracy);

    /// <summary>Reads a name; null when it is none of these.</summary>
    public static Metric? TryParse(string name)
    {
        if (Plain.FirstOrDefault(metric => metric.Name == name) is { } plain)
            return plain;
        double?[] values = name.Split('@') is [_, var text] ? [.. text.Split("..").Select(Number)] : [];
        return (name.Split('@'), values) switch
        {
            (["aupro", _], [> 0 and <= 1 and var limit]) => Aupro(limit),
            (["falseAlarms"], _) => FalseAlarms(FalseAlarmLimit.UsualRate),
            (["falseAlarms", _], [{ } rate]) when FalseAlarmLimit.IsRate(rate) => FalseAlarms(rate),
            (["misses"], _) => Misses(FalseAlarmLimit.UsualRate),
            (["misses", _], [{ } rate]) when FalseAlarmLimit.IsRate(rate) => Misses(rate),
            (["balancedAccuracy"], _) => BalancedAccuracy(FalseAlarmLimit.UsualRate),
            (["balancedAccuracy", _], [{ } rate]) when FalseAlarmLimit.IsRate(rate) => BalancedAccuracy(rate),
            (["regionOverlap"], _) => RegionOverlap(null),
            (["regionOverlap", _], [{ } threshold]) => RegionOverlap(threshold),
            (["aupimo"], _) => Aupimo(1e-5, 1e-4),
            (["aupimo", _], [> 0 and var low, <= SharedFalsePositives.Highest and var high]) when low < high => Aupimo(low, high),
            _ => null,
        };
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double rate) => rate.ToString("0.##########e-0", CultureInfo.InvariantCulture);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private sealed class OverImages(
        string name, string title, Func<ImageRanking, double?> value, string? variant = null, Func<ImageRanking, double?>? threshold = null)
        : ImageMetric(name, title, variant)
    {
        public override double? Of(ImageRanking images) => value(images);

        public override double? Threshold(ImageRanking images, PixelRanking? pixels) => threshold?.Invoke(images);
    }

    private sealed class AtOwnThreshold(string name, string title, double rate, Func<OperatingPoint, double> value, bool lowerIsBetter = false)
        : OperatingMetric(
            $"{name}@{Text(rate)}", title, rate, string.Create(CultureInfo.InvariantCulture, $"threshold from held-out good images, for {100 * rate:0.##} % false alarms"))
    {
        public override bool LowerIsBetter => lowerIsBetter;

        public override double Of(OperatingPoint point) => value(point);
    }

    private sealed class OverPixels(
        string name, string title, Func<PixelRanking, double?> value, string? variant = null, Func<PixelRanking, double?>? threshold = null,
        Func<PixelRanking, IReadOnlyList<ImageOverlap>>? perImage = null)
        : PixelMetric(name, title, variant)
    {
        public override double? Of(PixelRanking pixels) => value(pixels);

        public override double? Threshold(ImageRanking images, PixelRanking? pixels) => pixels is null ? null : threshold?.Invoke(pixels);

        public override IReadOnlyList<ImageOverlap> PerImage(PixelRanking pixels) => perImage?.Invoke(pixels) ?? [];
    }
}
