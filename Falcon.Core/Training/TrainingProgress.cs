namespace Falcon.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="ImagesSeen">Training images used so far, repeats counted.</param>
/// <param name="Losses">Mean losses of the last finished epoch by name; empty at the start.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, long ImagesSeen, IReadOnlyList<(string Name, double Value)> Losses)
{
    /// <summary>What whoever started the training should know; null for nothing. Told once, before the first step.</summary>
    public string? Remark { get; init; }

    /// <summary>Where a checkpoint lets the training go on; null for one that starts anew. Told once, before the first step.</summary>
    public TrainingPosition? Continues { get; init; }
}
