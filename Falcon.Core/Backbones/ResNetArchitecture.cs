namespace Falcon.Backbones;

/// <summary>The shape of a residual network: He et al. 2016 (ResNet), Zagoruyko and Komodakis 2016 (wide), or Falcon's own. Input (N, 3, H, W), names as
/// torchvision's.</summary>
/// <param name="Name">torchvision's name, for example <c>wide_resnet50_2</c>, or Falcon's.</param>
/// <param name="Blocks">Blocks in layer1 to layer4.</param>
/// <param name="Bottleneck">Blocks of three convolutions (1×1, 3×3, 1×1) with four times the channels, not of two (3×3).</param>
/// <param name="BaseWidth">The inner width of a bottleneck in layer1; 64, or 128 for the wide network.</param>
/// <param name="StemWidth">Channels of the first convolution.</param>
public sealed record ResNetArchitecture(string Name, IReadOnlyList<int> Blocks, bool Bottleneck = false, int BaseWidth = 64, int StemWidth = 64)
    : BackboneArchitecture(Name)
{
    /// <summary>Classes of ImageNet.</summary>
    public const int Classes = 1000;

    private const int FirstWidth = 64;

    /// <summary>Output channels of a block over its nominal width: 4 for bottlenecks, else 1.</summary>
    public int Expansion => Bottleneck ? 4 : 1;

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneTap> Levels => [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    /// <inheritdoc/>
    public override int InputUnit => 32;

    /// <summary>The channels of a tap (for <see cref="BackboneTap.Logits"/>, the classes).</summary>
    public override int Channels(BackboneTap tap) => tap switch
    {
        BackboneTap.Stem or BackboneTap.Pool => StemWidth,
        BackboneTap.Logits => Classes,
        _ => Width(tap.Closed()) * Expansion,
    };

    /// <summary>Input pixels per feature pixel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Logits have no place in the image.</exception>
    public static int Stride(BackboneTap tap) => tap switch
    {
        BackboneTap.Stem => 2,
        BackboneTap.Pool => 4,
        >= BackboneTap.Layer1 and <= BackboneTap.Layer4 => 4 << (tap - BackboneTap.Layer1),
        >= BackboneTap.Layer1Sum => Stride(tap.Closed()),
        _ => throw new ArgumentOutOfRangeException(nameof(tap), tap, "Only feature maps have a stride."),
    };

    /// <summary>The nominal width of a layer: 64, 128, 256, 512.</summary>
    internal static int Width(BackboneTap layer) => FirstWidth << (layer - BackboneTap.Layer1);

    /// <summary>Input channels, output channels, kernel size and stride of each convolution of a block.</summary>
    internal IEnumerable<(int In, int Out, int Kernel, int Stride)> Convolutions(BackboneTap layer, int inputs, int stride)
    {
        var width = Width(layer);
        if (!Bottleneck)
            return [(inputs, width, 3, stride), (width, width, 3, 1)];
        var inner = width * BaseWidth / FirstWidth;
        return [(inputs, inner, 1, 1), (inner, inner, 3, stride), (inner, width * Expansion, 1, 1)];
    }
}
