namespace Falcon.Parity;

/// <summary>Replays FALCON's fixtures (specification, section 9).</summary>
public sealed class FalconParity : FixtureSuite
{
    /// <inheritdoc/>
    public override string Name => "falcon";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts =>
        [("cam.safetensors", FalconCamParity.Run), (TrainFile, FalconTrainParity.Run), (InferFile, FalconInferParity.Run)];
}
