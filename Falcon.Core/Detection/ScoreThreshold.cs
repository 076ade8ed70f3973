namespace Falcon.Detection;

/// <summary>The image score above which a part counts as defective, from the scores of normal images alone.</summary>
public static class ScoreThreshold
{
    /// <summary>Standard deviations above the mean.</summary>
    public const double Deviations = 3;

    /// <summary>Mean plus three standard deviations (of the sample) of the scores; with a single score, that score.</summary>
    /// <param name="scores">Image scores of normal images, at least one.</param>
    public static double Of(IReadOnlyCollection<double> scores)
    {
        var mean = scores.Average();
        var variance = scores.Count > 1 ? scores.Sum(s => (s - mean) * (s - mean)) / (scores.Count - 1) : 0;
        return mean + Deviations * Math.Sqrt(variance);
    }
}
