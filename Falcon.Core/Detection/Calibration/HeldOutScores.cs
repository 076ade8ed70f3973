using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Scores of good photos that the scoring model had not seen; a detector's are on its own scale (<see cref="HeldOutFolds.OnScaleOf"/>).</summary>
/// <param name="Way">How they were had.</param>
/// <param name="Scores">One for each photo, in the order of the training images, without those that were taught later; of views, several for each.</param>
/// <param name="PixelLevels">For each score the value that only <see cref="PixelShare"/> of the photo's map exceeds.</param>
/// <param name="Models">How many models gave them, in turn, whose scores have different levels (<see cref="FalseAlarmLimit.Of"/>); 1 where all have one.</param>
public sealed record HeldOutScores(CalibrationWay Way, IReadOnlyList<double> Scores, IReadOnlyList<double> PixelLevels, int Models = 1)
{
    /// <summary>The share of a good photo's pixels that may look anomalous.</summary>
    public const double PixelShare = 0.001;

    /// <summary>The probability that more of a good photo's pixels exceed the pixel threshold. It says how far a defect reaches, not whether there is one: the limit of a rare
    /// exception would leave little of a defect.</summary>
    public const double PixelRate = 0.1;

    /// <summary>The threshold that a good part exceeds with a probability.</summary>
    /// <param name="falseAlarms">The probability: <see cref="FalseAlarmLimit.IsRate"/>.</param>
    public double Limit(double falseAlarms = FalseAlarmLimit.UsualRate) => FalseAlarmLimit.Of(Scores, falseAlarms, models: Models);

    /// <summary>The pixel threshold.</summary>
    internal double PixelLimit => FalseAlarmLimit.Of(PixelLevels, PixelRate, models: Models);

    /// <summary>The scores of predictions.</summary>
    public static HeldOutScores Of(CalibrationWay way, IEnumerable<Prediction> predictions)
    {
        Prediction[] all = [.. predictions];
        return new(way, [.. all.Select(prediction => prediction.Score)], [.. all.Select(prediction => Level(prediction.Map))]);
    }

    /// <summary>The value that only <see cref="PixelShare"/> of a map exceeds.</summary>
    internal static double Level(AnomalyMap map)
    {
        float[] values = [.. map.Looked];
        Array.Sort(values);
        return values[(int)Math.Ceiling((1 - PixelShare) * (values.Length - 1))];
    }
}
