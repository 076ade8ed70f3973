using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>A factor for each channel (Touvron et al., ICCV 2021).</summary>
internal sealed class LayerScale : Module<Tensor, Tensor>, IOnnxModule
{
    private const string Factors = "gamma";

    public LayerScale(int width) : base(nameof(LayerScale)) => register_parameter(Factors, new Parameter(ones(width)));

    public override Tensor forward(Tensor tokens) => tokens * get_parameter(Factors)!;

    public OnnxValue Export(OnnxValue tokens) => tokens * tokens.Graph.Tensor(get_parameter(Factors)!);
}
