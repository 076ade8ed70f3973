namespace Falcon.Methods;

/// <summary>How distances at all positions of all layers become STPM's loss.</summary>
public enum DistanceReduction
{
    /// <summary>The mean over images and positions, added up over layers (the authors' code).</summary>
    PositionMean,

    /// <summary>The mean over positions and layers, added up over the batch (DistillationAD): it grows with the batch.</summary>
    BatchSum,

    /// <summary>The mean over positions, layers and images.</summary>
    BatchMean,
}
