using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Tells from a patch's residual how likely it is a defect (specification, section 3, <c>clsList.l</c>): (P, C) float32 to (P, 2), which sum to 1; the
/// second is the defect.</summary>
internal sealed class ScoreClassifier : Module<Tensor, Tensor>, IOnnxModule
{
    private static readonly int[] Widths = [512, 128, 32];

    [ComponentName(Name = "fbatchNorm")]
    private readonly BatchNorm1d _norm;

    [ComponentName(Name = "proj")]
    private readonly Sequential _layers;

    /// <param name="channels">C.</param>
    public ScoreClassifier(int channels) : base(nameof(ScoreClassifier))
    {
        _norm = BatchNorm1d(channels);
        var layers = new List<Module<Tensor, Tensor>>();
        foreach (var width in Widths)
        {
            layers.AddRange([Linear(channels, width, hasBias: false), BatchNorm1d(width), ReLU()]);
            channels = width;
        }
        _layers = Sequential([.. layers, Linear(channels, 2)]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor residuals) => _layers.call(_norm.call(residuals)).softmax(-1);

    public OnnxValue Export(OnnxValue residuals) => _layers.Apply(_norm.Apply(residuals)).Softmax(1);
}
