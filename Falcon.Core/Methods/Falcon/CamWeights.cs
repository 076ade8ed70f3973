namespace Falcon.Methods;

/// <summary>How much the class activation map of each teacher layer adds to the ensemble; a layer of weight 0 is not computed.</summary>
/// <param name="Layer1">Weight of layer1 (stride 4).</param>
/// <param name="Layer2">Weight of layer2 (stride 8).</param>
/// <param name="Layer3">Weight of layer3 (stride 16).</param>
public readonly record struct CamWeights(double Layer1, double Layer2, double Layer3)
{
    /// <summary>The published weights: 0.5, 0, 0.5.</summary>
    public static CamWeights Published => new(0.5, 0, 0.5);
}
