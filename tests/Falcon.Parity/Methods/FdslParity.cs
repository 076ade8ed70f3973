namespace Falcon.Parity;

/// <summary>Replays FDSL's fixtures (specification, section 9).</summary>
public sealed class FdslParity : FixtureSuite
{
    /// <summary>The number of taps.</summary>
    internal const int Taps = 4;

    /// <summary>What stands before the keys of the weight rule.</summary>
    internal const string HeadPrefix = "head.", TowerPrefix = "clip.visual.";

    /// <inheritdoc/>
    public override string Name => "fdsl";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts =>
        [(TrainFile, FdslTrainParity.Run), ("head.safetensors", FdslHeadParity.Run), (InferFile, FdslInferParity.Run)];
}
