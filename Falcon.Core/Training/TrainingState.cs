namespace Falcon.Training;

/// <summary>How far a training has come, apart from weights and optimisers.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="StepOfEpoch">Steps finished of the epoch under way.</param>
/// <param name="History">Mean losses of each finished epoch.</param>
/// <param name="Losses">Losses of the epoch under way.</param>
internal sealed record TrainingState(int Epoch, int StepOfEpoch, List<IReadOnlyList<(string Name, double Value)>> History, MeanLosses Losses)
{
    public static TrainingState Start => new(0, 0, [], new());
}
