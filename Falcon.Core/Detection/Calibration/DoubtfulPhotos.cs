using System.Globalization;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Photos among those of good parts that may show something else, or were taken otherwise.</summary>
public static class DoubtfulPhotos
{
    /// <summary>Of fewer others nothing is said.</summary>
    private const int FewestOthers = 3;

    /// <summary>The rate at which a photo like the others would be named.</summary>
    private const double Rate = 0.02;

    /// <summary>A spread that a few scores may fall short of by chance, as a share of their mean.</summary>
    private const double LeastSpread = 0.05;

    /// <summary>What does not matter even where all others agree: a sharpness of half, and so many gray levels.</summary>
    private const double LeastBlur = 0.5, LeastShade = 25;

    /// <summary>Names photos whose held-out score, focus or exposure lies outside of what the others let expect (<see cref="FalseAlarmLimit"/> of the others).</summary>
    /// <param name="photos">The photos of good parts; one that occurs twice counts once.</param>
    /// <param name="heldOut">Their scores by models that have not seen them; null, or views, for none.</param>
    /// <param name="preprocessing">How the method sees them: what it does not look at is not judged.</param>
    /// <returns>A finding for each doubt, in the order of the photos.</returns>
    /// <exception cref="InvalidInputException">A photo cannot be read.</exception>
    public static IReadOnlyList<Finding> Find(IReadOnlyList<ImageItem> photos, HeldOutScores? heldOut, Preprocessing preprocessing)
    {
        ImageItem[] different = [.. photos.DistinctBy(photo => photo.Path)];
        var qualities = different.AsParallel().AsOrdered().Select(photo => PhotoQuality.Of(preprocessing.Read(photo))).ToArray();
        double[] scores = heldOut is { Way: CalibrationWay.LeaveOneOut or CalibrationWay.Folds } ? [.. heldOut.Scores] : [];
        return Find([.. different.Select(photo => photo.RelativeName)], qualities, scores);
    }

    /// <summary>As above, of photos that have been looked at.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="qualities">What each looks like.</param>
    /// <param name="scores">Their held-out scores; none for none.</param>
    public static IReadOnlyList<Finding> Find(IReadOnlyList<string> names, IReadOnlyList<PhotoQuality> qualities, params double[] scores)
    {
        return [.. names.SelectMany((name, i) => Doubts(i).Select(doubt => new Finding(doubt, name, "Is it good? If not, take it away and train again.")))];

        IEnumerable<string> Doubts(int photo)
        {
            if (Excess(scores, photo, LeastSpread) is { } score)
                yield return Said("differs from the others", score);
            if (Excess([.. qualities.Select(quality => -Math.Log(1 + quality.Sharpness))], photo) is { } blur
                && qualities[photo].Sharpness < LeastBlur * qualities.Where((_, other) => other != photo).Min(quality => quality.Sharpness))
                yield return Said("is less sharp than the others", blur);
            foreach (var (sign, word) in new[] { (1, "lighter"), (-1, "darker") })
                if (Excess([.. qualities.Select(quality => sign * quality.Brightness)], photo) is { } shade
                    && qualities.Where((_, other) => other != photo).Min(quality => sign * (qualities[photo].Brightness - quality.Brightness)) > LeastShade)
                    yield return Said($"is {word} than the others", shade);
        }
    }

    private static string Said(string what, double spreads) => string.Create(CultureInfo.InvariantCulture, $"{what}: {spreads:0.0} times their spread");

    /// <summary>By how many standard deviations of the others a value exceeds their mean; null where it is within their limit.</summary>
    private static double? Excess(double[] values, int index, double leastSpread = 0)
    {
        double[] others = [.. values.Where((_, i) => i != index)];
        if (others.Length < FewestOthers)
            return null;
        var mean = others.Average();
        var least = Math.Max(double.Epsilon, leastSpread * Math.Abs(mean));
        if (values[index] <= FalseAlarmLimit.Of(others, Rate, least))
            return null;
        return (values[index] - mean) / Math.Max(least, FalseAlarmLimit.Deviation(others));
    }
}
