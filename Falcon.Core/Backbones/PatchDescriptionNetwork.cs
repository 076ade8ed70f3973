using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>EfficientAD's patch description network (specification, section 3): every output position sees 33×33 pixels. Names are positions in a plain sequence:
/// <c>0.weight</c>, <c>3.weight</c>, ….</summary>
/// <remarks><c>call(images, taps)</c>, the only tap being <see cref="BackboneTap.Patches"/>: images (N, 3, H, W) to (N, C, H/4 − 8, W/4 − 8), padded (N, C, H/4,
/// W/4).</remarks>
internal sealed class PatchDescriptionNetwork : Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]>, IOnnxNetwork
{
    /// <summary>The names of the teachers.</summary>
    public const string Small = "pdn_small", Medium = "pdn_medium";

    /// <summary>Output channels of a teacher.</summary>
    public const int TeacherChannels = 384;

    private readonly Module<Tensor, Tensor>[] _layers;

    /// <param name="size">Small or medium.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="padded">Whether convolutions and pools are padded, as in pre-training.</param>
    public PatchDescriptionNetwork(PdnSize size, int outputs, bool padded = false) : base(nameof(PatchDescriptionNetwork))
    {
        _layers = size == PdnSize.Small
            ?
            [
                Convolution(3, 128, 4, 3), ReLU(), Pool(), Convolution(128, 256, 4, 3), ReLU(), Pool(), Convolution(256, 256, 3, 1), ReLU(),
                Convolution(256, outputs, 4, 0),
            ]
            :
            [
                Convolution(3, 256, 4, 3), ReLU(), Pool(), Convolution(256, 512, 4, 3), ReLU(), Pool(), Convolution(512, 512, 1, 0), ReLU(),
                Convolution(512, 512, 3, 1), ReLU(), Convolution(512, outputs, 4, 0), ReLU(), Convolution(outputs, outputs, 1, 0),
            ];
        for (var i = 0; i < _layers.Length; i++)
            register_module($"{i}", _layers[i]);

        Conv2d Convolution(int input, int output, int kernel, int padding) => Conv2d(input, output, kernel, padding: padded ? padding : 0);
        AvgPool2d Pool() => AvgPool2d(2, stride: 2, padding: padded ? 1 : 0);
    }

    public override Tensor[] forward(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        if (taps.Any(tap => tap != BackboneTap.Patches))
            throw new ArgumentException("A patch description network has one tap, Patches.", nameof(taps));
        var described = Describe(images);
        return [.. taps.Select(_ => described)];
    }

    /// <inheritdoc/>
    public OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps) => [.. taps.Select(_ => Describe(images))];

    /// <summary>As below, in a graph.</summary>
    public OnnxValue Describe(OnnxValue images) => _layers.Aggregate(images, (x, layer) => layer.Apply(x));

    /// <summary>The output for images (N, 3, H, W).</summary>
    public Tensor Describe(Tensor images) => _layers.Aggregate(images, (x, layer) => layer.call(x));
}

/// <summary>The size of a patch description network.</summary>
public enum PdnSize
{
    /// <summary>Four convolutions.</summary>
    Small,

    /// <summary>Six convolutions, twice as wide.</summary>
    Medium,
}
