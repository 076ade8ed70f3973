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

    /// <summary>A patch description network: its output, one position for each 4 pixels, without those at the border. A transformer: its patches after the last block and the
    /// last norm, one position for each patch.</summary>
    Patches,

    /// <summary>A transformer's description of the whole image, (N, D, 1, 1): the class token after the last norm, of CLIP projected.</summary>
    Embedding,

    /// <summary>A transformer: its patches after block 1.</summary>
    Block1,

    /// <summary>A transformer: its patches after block 2.</summary>
    Block2,

    /// <summary>A transformer: its patches after block 3.</summary>
    Block3,

    /// <summary>A transformer: its patches after block 4.</summary>
    Block4,

    /// <summary>A transformer: its patches after block 5.</summary>
    Block5,

    /// <summary>A transformer: its patches after block 6.</summary>
    Block6,

    /// <summary>A transformer: its patches after block 7.</summary>
    Block7,

    /// <summary>A transformer: its patches after block 8.</summary>
    Block8,

    /// <summary>A transformer: its patches after block 9.</summary>
    Block9,

    /// <summary>A transformer: its patches after block 10.</summary>
    Block10,

    /// <summary>A transformer: its patches after block 11.</summary>
    Block11,

    /// <summary>A transformer: its patches after block 12.</summary>
    Block12,

    /// <summary>A transformer: its patches after block 13.</summary>
    Block13,

    /// <summary>A transformer: its patches after block 14.</summary>
    Block14,

    /// <summary>A transformer: its patches after block 15.</summary>
    Block15,

    /// <summary>A transformer: its patches after block 16.</summary>
    Block16,

    /// <summary>A transformer: its patches after block 17.</summary>
    Block17,

    /// <summary>A transformer: its patches after block 18.</summary>
    Block18,

    /// <summary>A transformer: its patches after block 19.</summary>
    Block19,

    /// <summary>A transformer: its patches after block 20.</summary>
    Block20,

    /// <summary>A transformer: its patches after block 21.</summary>
    Block21,

    /// <summary>A transformer: its patches after block 22.</summary>
    Block22,

    /// <summary>A transformer: its patches after block 23.</summary>
    Block23,

    /// <summary>A transformer: its patches after block 24.</summary>
    Block24,

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
