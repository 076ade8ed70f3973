using Falcon.Training;

namespace Falcon.Methods;

/// <summary>The training of a method that takes no steps.</summary>
/// <param name="fit">Fits the network to the training images.</param>
internal sealed class FittedRun(Action<CancellationToken> fit) : TrainingRun
{
    public override IReadOnlyList<Optimiser> Optimisers => [];

    public override IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock) =>
        throw new InvalidOperationException("This method takes no steps.");

    public override void Finish(CancellationToken cancellation = default) => fit(cancellation);

    public override void Dispose()
    {
    }
}
