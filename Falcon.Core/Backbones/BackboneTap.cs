namespace Falcon.Backbones;

/// <summary>Where features are taken from a network, for each kind of network in the order of computation.</summary>
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

    /// <summary>EfficientNet: after stage 0, stride 2.</summary>
    Stage0,

    /// <summary>EfficientNet: after stage 1, stride 4.</summary>
    Stage1,

    /// <summary>EfficientNet: after stage 2, stride 8.</summary>
    Stage2,

    /// <summary>EfficientNet: after stage 3, stride 16.</summary>
    Stage3,

    /// <summary>EfficientNet: after stage 4, stride 16.</summary>
    Stage4,

    /// <summary>EfficientNet: after stage 5, stride 32.</summary>
    Stage5,

    /// <summary>EfficientNet: after stage 6, stride 32.</summary>
    Stage6,

    /// <summary>The output of a patch description network: one position for each 4 pixels, without those at the border.</summary>
    Patches,

    /// <summary>As <see cref="Layer1"/>, before the closing ReLU of its last block.</summary>
    Layer1Sum,

    /// <summary>As <see cref="Layer2"/>, before the closing ReLU of its last block.</summary>
    Layer2Sum,

    /// <summary>As <see cref="Layer3"/>, before the closing ReLU of its last block.</summary>
    Layer3Sum,

    /// <summary>As <see cref="Layer4"/>, before the closing ReLU of its last block.</summary>
    Layer4Sum,
}

/// <summary>Taps within a layer.</summary>
internal static class BackboneTaps
{
    /// <summary>The tap behind the closing ReLU; any other is itself.</summary>
    public static BackboneTap Closed(this BackboneTap tap) => tap >= BackboneTap.Layer1Sum ? tap - BackboneTap.Layer1Sum + BackboneTap.Layer1 : tap;

    /// <summary>The tap before the closing ReLU of a layer.</summary>
    public static BackboneTap Sum(this BackboneTap layer) => layer - BackboneTap.Layer1 + BackboneTap.Layer1Sum;
}
