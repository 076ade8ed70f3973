namespace Falcon.Metrics;

/// <summary>What users meet at one threshold: good parts that are called defective, and defective ones that are not.</summary>
public sealed class OperatingPoint
{
    /// <param name="threshold">Image scores above it count as anomalous.</param>
    /// <param name="images">Score of each test image, and its kind of defect; null for a good one.</param>
    public OperatingPoint(double threshold, IReadOnlyCollection<(double Score, string? Defect)> images)
    {
        Threshold = threshold;
        FalseAlarms = Rate(images.Where(image => image.Defect is null), alarm: true);
        Misses = Rate(images.Where(image => image.Defect is not null), alarm: false);
        MissesByDefect =
        [
            .. images.Where(image => image.Defect is not null).GroupBy(image => image.Defect!).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => (group.Key, Rate(group, alarm: false))),
        ];
    }

    /// <param name="threshold">Image scores above it count as anomalous.</param>
    /// <param name="images">The test images.</param>
    public OperatingPoint(double threshold, ImageRanking images)
    {
        Threshold = threshold;
        var above = images.Groups.TakeWhile(group => group.Score > threshold).ToList();
        FalseAlarms = new((int)above.Sum(group => group.Negatives), (int)images.Negatives);
        Misses = new((int)(images.Positives - above.Sum(group => group.Positives)), (int)images.Positives);
        MissesByDefect = [];
    }

    /// <summary>Image scores above it count as anomalous.</summary>
    public double Threshold { get; }

    /// <summary>Good images above the threshold.</summary>
    public ObservedRate FalseAlarms { get; }

    /// <summary>Defective images not above it.</summary>
    public ObservedRate Misses { get; }

    /// <summary>The misses of each kind of defect, in the order of their names; empty where the kinds are not known.</summary>
    public IReadOnlyList<(string Defect, ObservedRate Misses)> MissesByDefect { get; }

    /// <summary>The mean of the share of good images that pass and of defective ones that do not, in [0, 1]; not a number without one of either.</summary>
    public double BalancedAccuracy => 1 - (FalseAlarms.Value + Misses.Value) / 2;

    private ObservedRate Rate(IEnumerable<(double Score, string?)> images, bool alarm)
    {
        var scores = images.Select(image => image.Score).ToList();
        return new(scores.Count(score => score > Threshold == alarm), scores.Count);
    }
}
