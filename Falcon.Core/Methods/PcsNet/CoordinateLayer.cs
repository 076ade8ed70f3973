using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A 1×1 convolution that also sees the row and the column of a position, from −1 to 1.</summary>
internal sealed class CoordinateLayer : Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "conv")]
    private readonly Conv2d _convolution;

    public CoordinateLayer(int channels) : base(nameof(CoordinateLayer))
    {
        _convolution = Conv2d(channels + 2, channels, 1);
        RegisterComponents();

        // In the public code's network, without a part in the computation.
        register_parameter("weight", new Parameter(zeros(channels, channels + 2, 1, 1, device: CPU)));
        register_parameter("bias", new Parameter(zeros(channels, device: CPU)));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (count, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
        var rows = linspace(-1, 1, height, device: input.device).to(input.dtype).reshape(1, 1, height, 1).expand(count, 1, height, width);
        var columns = linspace(-1, 1, width, device: input.device).to(input.dtype).reshape(1, 1, 1, width).expand(count, 1, height, width);
        return _convolution.call(cat([input, rows, columns], dim: 1)).MoveToOuterDisposeScope();
    }

    public OnnxValue Export(OnnxValue input)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (input.Shape[2], input.Shape[3]);
        var rows = linspace(-1, 1, height, device: CPU).reshape(1, 1, height, 1).expand(1, 1, height, width);
        var columns = linspace(-1, 1, width, device: CPU).reshape(1, 1, 1, width).expand(1, 1, height, width);
        return _convolution.Apply(new[] { input, input.Graph.Tensor(rows), input.Graph.Tensor(columns) }.Concat(axis: 1));
    }
}
