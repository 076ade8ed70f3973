using TorchSharp.Modules;
using TorchSharp.Utils;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>EfficientAD's autoencoder (specification, section 3): from images (N, 3, H, W) through a narrow code to (N, 384, H/4 − 8, W/4 − 8). Names are positions
/// in the sequence of the public code.</summary>
internal sealed class EfficientAdAutoencoder : Module<Tensor, Tensor>, IOnnxModule
{
    /// <summary>The share of values that dropout sets to zero in training.</summary>
    public const double Dropout = 0.2;

    private const string CodeLayer = "10";

    private readonly Conv2d[] _encoder, _decoder, _head;

    [ComponentName(Name = CodeLayer)]
    private readonly Conv2d _code;

    private readonly int[] _heights, _widths;

    /// <param name="size">H and W, multiples of 64.</param>
    public EfficientAdAutoencoder(InputSize size) : base(nameof(EfficientAdAutoencoder))
    {
        (_heights, _widths) = (Steps(size.Height), Steps(size.Width));
        (int In, int Out)[] halving = [(3, 32), (32, 32), (32, 64), (64, 64), (64, 64)];
        _encoder = [.. halving.Select((channels, i) => Add(2 * i, Conv2d(channels.In, channels.Out, 4, stride: 2, padding: 1)))];
        _code = Conv2d(64, 64, 8);
        _decoder = [.. Enumerable.Range(0, 6).Select(i => Add(12 + 4 * i, Conv2d(64, 64, 4, padding: 2)))];
        _head = [Add(36, Conv2d(64, 64, 3, padding: 1)), Add(38, Conv2d(64, PatchDescriptionNetwork.TeacherChannels, 3, padding: 1))];

        RegisterComponents();

        Conv2d Add(int position, Conv2d convolution)
        {
            register_module($"{position}", convolution);
            return convolution;
        }
    }

    public override Tensor forward(Tensor images) => Decode(Code(images), null);

    /// <summary>The code, (N, 64, 1, 1) at 256 pixels.</summary>
    public Tensor Code(Tensor images) => _code.call(_encoder.Aggregate(images, (x, convolution) => convolution.call(x).relu()));

    /// <summary>From the code to the features.</summary>
    /// <param name="code">As <see cref="Code"/> gives it.</param>
    /// <param name="keep">Which values dropout keeps, 1 or 0, given the number of the layer (0 to 5) and the shape; null for all.</param>
    public Tensor Decode(Tensor code, Func<int, long[], Tensor?>? keep)
    {
        var x = code;
        for (var i = 0; i < _decoder.Length; i++)
        {
            x = _decoder[i].call(Enlarge(x, i)).relu();
            if (keep?.Invoke(i, x.shape) is { } kept)
                x = x * kept / (1 - Dropout);
        }
        return _head[1].call(_head[0].call(Enlarge(x, _decoder.Length)).relu());
    }

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue images)
    {
        var x = _code.Apply(_encoder.Aggregate(images, (value, convolution) => convolution.Apply(value).Relu()));
        for (var i = 0; i < _decoder.Length; i++)
            x = _decoder[i].Apply(x.Bilinear(_heights[i], _widths[i])).Relu();
        return _head[1].Apply(_head[0].Apply(x.Bilinear(_heights[^1], _widths[^1])).Relu());
    }

    /// <summary>Before a layer of the decoder, or before the head.</summary>
    private Tensor Enlarge(Tensor x, int layer) => interpolate(x, [_heights[layer], _widths[layer]], mode: InterpolationMode.Bilinear, align_corners: false);

    private static int[] Steps(int side) => [side / 64 - 1, side / 32, side / 16 - 1, side / 8, side / 4 - 1, side / 2 - 1, (side + 3) / 4 - 8];
}
