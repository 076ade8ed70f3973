namespace Falcon.Metrics;

/// <summary>Test images in order of their anomaly scores.</summary>
public sealed class ImageRanking : Ranking
{
    private readonly TieGroup[] _groups;

    /// <param name="scores">One finite score per image, higher is more anomalous.</param>
    /// <param name="anomalous">For each image, whether it is anomalous.</param>
    /// <param name="heldOut">Scores of good photos that the model has not seen, none of them a test image; null where there are none.</param>
    /// <param name="heldOutModels">How many models gave them, in turn, whose scores have different levels: <see cref="FalseAlarmLimit.Of"/>.</param>
    /// <exception cref="InvalidInputException">A score is not a finite number, or the two differ in length.</exception>
    public ImageRanking(IReadOnlyList<double> scores, IReadOnlyList<bool> anomalous, IReadOnlyCollection<double>? heldOut = null, int heldOutModels = 1)
    {
        (HeldOut, HeldOutModels) = (heldOut ?? [], heldOutModels);
        if (scores.Count != anomalous.Count)
            throw new InvalidInputException($"there are {scores.Count} scores but {anomalous.Count} labels", "image scores", "Give one label per score.");
        for (var i = 0; i < scores.Count; i++)
        {
            if (!double.IsFinite(scores[i]))
                throw new InvalidInputException($"score {i + 1} of {scores.Count} is {scores[i]}", "image scores", "Give finite scores; check the training run for divergence.");
        }
        var sorted = scores.ToArray();
        var labels = anomalous.ToArray();
        Array.Sort(sorted, labels);
        _groups = [.. Ties(sorted, labels)];
        Positives = _groups.Sum(g => g.Positives);
        Negatives = _groups.Sum(g => g.Negatives);
    }

    /// <summary>Scores of good photos that the model has not seen; empty where there are none.</summary>
    public IReadOnlyCollection<double> HeldOut { get; }

    /// <summary>How many models gave them, in turn, whose scores have different levels.</summary>
    public int HeldOutModels { get; }

    /// <inheritdoc/>
    public override IEnumerable<TieGroup> Groups => _groups;

    private static IEnumerable<TieGroup> Ties(double[] ascending, bool[] labels)
    {
        for (int end = ascending.Length - 1, start; end >= 0; end = start)
        {
            var positives = 0;
            for (start = end; start >= 0 && ascending[start] == ascending[end]; start--)
                positives += labels[start] ? 1 : 0;
            yield return new TieGroup(ascending[end], positives, end - start - positives);
        }
    }
}
