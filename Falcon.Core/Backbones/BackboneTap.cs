namespace Falcon.Backbones;

/// <summary>Where features are taken from a residual network, in the order of computation.</summary>
public enum BackboneTap
{
    /// <summary>After the stem's ReLU, before the max-pool: stride 2.</summary>
    Stem,

    /// <summary>After the stem's max-pool: stride 4.</summary>
    Pool,

    /// <summary>After <c>layer1</c>: stride 4.</summary>
    Layer1,

    /// <summary>After <c>layer2</c>: stride 8.</summary>
    Layer2,

    /// <summary>After <c>layer3</c>: stride 16.</summary>
    Layer3,

    /// <summary>After <c>layer4</c>: stride 32.</summary>
    Layer4,

    /// <summary>The classifier's output before any softmax: one number per class.</summary>
    Logits,
}
