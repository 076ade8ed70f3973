using Falcon.Data;

namespace Falcon.Parity;

/// <summary>Replays EfficientAD's fixtures (specification, section 9).</summary>
public sealed class EfficientAdParity : FixtureSuite
{
    /// <summary>The full method needs large images; as they take their time, a recorded fixture holds few.</summary>
    internal static readonly InputSize RecordedSize = new(320, 256);

    internal const int RecordedImages = 1;

    /// <inheritdoc/>
    public override string Name => "efficientad";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, EfficientAdInferParity.Run)];

    private static void Train(ParityFixture fixture)
    {
        EfficientAdTrainParity.Run(fixture);
        EfficientAdPretrainingParity.Run(fixture);
    }
}
