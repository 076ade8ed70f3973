namespace Falcon.Training;

/// <summary>A loss that chooses among epochs, and the modules whose weights it chooses.</summary>
/// <param name="Loss">Its name among the losses of a step; while images are held out, its value on them counts.</param>
/// <param name="Prefix">State-dict prefix of the modules, which may be the beginning of several; empty for all.</param>
public sealed record SelectionCriterion(string Loss, string Prefix = "")
{
    /// <summary>Put before a loss's name in the history when it was taken on the images held out.</summary>
    internal const string HeldOut = "validation.";

    /// <summary>The loss of an epoch.</summary>
    internal double Of(IReadOnlyList<(string Name, double Value)> losses)
    {
        var onTraining = double.NaN;
        foreach (var (name, value) in losses)
            if (name == HeldOut + Loss)
                return value;
            else if (name == Loss)
                onTraining = value;
        return onTraining;
    }
}
