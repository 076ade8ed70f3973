using System.Globalization;
using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Where a threshold comes from, as files and answers say it.</summary>
/// <param name="Way">How photos were held out: <c>loo</c>, <c>folds</c>, <c>views</c> or <c>none</c>.</param>
/// <param name="FalseAlarms">The rate that the threshold was made for; null where it was set by hand.</param>
/// <param name="HeldOutScores">The scores.</param>
/// <param name="Cautions">What the threshold does not promise.</param>
public sealed record CalibrationRecord(string Way, double? FalseAlarms, IReadOnlyList<double> HeldOutScores, IReadOnlyList<string> Cautions)
{
    /// <summary>From how many times the mean of held-out scores on a threshold misses more than half of the defects (docs/methods.md).</summary>
    private const double WideLimit = 1.5;

    private static readonly (string Name, CalibrationWay Way)[] Ways =
        [("loo", CalibrationWay.LeaveOneOut), ("folds", CalibrationWay.Folds), ("views", CalibrationWay.Views), ("none", CalibrationWay.None)];

    /// <summary>A detector's; null of a file of an earlier version.</summary>
    public static CalibrationRecord? Of(DetectorCard card) =>
        card.HeldOut is { } heldOut ? new(NameOf(heldOut.Way), card.FalseAlarms, heldOut.Scores, [.. CautionsOf(card)]) : null;

    /// <summary>A way's name.</summary>
    public static string NameOf(CalibrationWay way) => Ways.First(known => known.Way == way).Name;

    /// <summary>A way by its name.</summary>
    /// <param name="text">The name.</param>
    /// <param name="where">What the user calls it.</param>
    /// <exception cref="InvalidInputException">There is no such way.</exception>
    public static CalibrationWay ParseWay(string text, string where)
    {
        foreach (var (name, way) in Ways)
            if (name == text)
                return way;
        throw new InvalidInputException($"'{text}' is no way of calibrating", where, $"Give one of {string.Join(", ", Ways.Select(known => known.Name))}.");
    }

    /// <summary>A rate of false alarms: <c>1%</c>, <c>0.5 %</c> or <c>0.01</c>.</summary>
    /// <param name="text">It.</param>
    /// <param name="where">What the user calls it.</param>
    /// <exception cref="InvalidInputException">It is not at least 0.0001 % and below 50 %.</exception>
    public static double ParseRate(string text, string where)
    {
        var percent = text.TrimEnd().EndsWith('%');
        return double.TryParse(text.Replace("%", "", StringComparison.Ordinal).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && (percent ? number / 100 : number) is var rate && FalseAlarmLimit.IsRate(rate)
            ? rate
            : throw new InvalidInputException($"'{text}' is no rate of false alarms", where, "Give a share of 0.0001 % or more and below 50 %, for example 1%.");
    }

    /// <summary>What a detector's threshold does not promise.</summary>
    /// <param name="card">The detector's.</param>
    public static IEnumerable<string> CautionsOf(DetectorCard card)
    {
        if (card.HeldOut is not { } heldOut)
            yield break;
        if (card.Threshold <= 0)
            yield return "a threshold of 0 tells nothing: every photo that differs at all from the known ones counts as anomalous; the photos are one, or the same";
        if (heldOut.Way == CalibrationWay.None)
            yield return card.TrainingImages.Count == 1
                ? "one photo gives no threshold: the model knows it, and nothing says how good parts differ; calibrate with views, or give more photos"
                : "the model has seen these photos, so the threshold is too low; calibrate with loo or folds, which takes two photos or more";
        if (heldOut.Way == CalibrationWay.Views)
            yield return "views of photos that the model has seen say little of other photos: the threshold is too low";
        if (card.FalseAlarms is not { } rate)
            yield break;
        if (heldOut.Scores.Count < FalseAlarmLimit.FewestForInterval)
            yield return $"{heldOut.Scores.Count} scores say nothing of a rate of false alarms: the threshold is the largest of them";
        else if (heldOut.Way is CalibrationWay.LeaveOneOut or CalibrationWay.Folds && FalseAlarmLimit.Caution(heldOut.Scores.Count, rate) is { } caution)
            yield return caution;
        if (card.Method.ScoresFallWithPhotos && card.Threshold / heldOut.Scores.Average() is >= WideLimit and var times)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"held-out scores differ so much that the threshold is {times:F1} times their mean, above the scores of many defects: more photos, or a higher rate of false alarms, find more of them");
    }
}
