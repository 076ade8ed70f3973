using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>NAM: weighs the probabilities of each patch by those around it (specification, section 3, <c>convRes</c>). (N, 2, h, w) in and out, which sum to 1 over
/// the two channels.</summary>
internal sealed class NeighbourAggregation : Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "conv")]
    private readonly Conv2d _first = Conv2d(2, 6, 5, padding: 2);

    [ComponentName(Name = "conv2")]
    private readonly Conv2d _second = Conv2d(6, 2, 5, padding: 2);

    public NeighbourAggregation() : base(nameof(NeighbourAggregation)) => RegisterComponents();

    public override Tensor forward(Tensor probabilities) => _second.call(relu(_first.call(probabilities))).softmax(1);

    public OnnxValue Export(OnnxValue probabilities) => _second.Apply(_first.Apply(probabilities).Relu()).Softmax(1);
}
