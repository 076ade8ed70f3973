namespace Falcon.Parity;

/// <summary>Replays FALCON's fixtures (specification, section 9).</summary>
public sealed class FalconParity : IParitySuite
{
    /// <inheritdoc/>
    public string Name => "falcon";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder) =>
        [.. FalconCamParity.Replay(folder), .. FalconTrainParity.Replay(folder), .. FalconInferParity.Replay(folder)];
}
