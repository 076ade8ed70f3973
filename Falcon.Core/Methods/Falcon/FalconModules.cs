using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The four trained modules of FALCON with the specification's state-dict names (section 3). Inputs and outputs are (N, C, h, w) float32.</summary>
internal static class FalconModules
{
    /// <summary>Predicts layer3 from layer2.</summary>
    public static Part Student(long input, long target) => new(
        nameof(Student),
        ("encoder", Sequential(("0", Conv2d(input, input, 3, stride: 2, padding: 1)), ("1", BatchNorm2d(input)), ("2", ReLU()),
            ("3", Conv2d(input, target, 3, padding: 1)))));

    /// <summary>Predicts layer3 from layer2 through a bottleneck of 32 channels.</summary>
    public static Part Autoencoder(long input, long target) => new(
        nameof(Autoencoder),
        ("encoder", Sequential(("0", Conv2d(input, 64, 3, padding: 1)), ("1", BatchNorm2d(64)), ("2", ReLU()),
            ("3", Conv2d(64, 64, 3, stride: 2, padding: 1)), ("4", BatchNorm2d(64)), ("5", ReLU()), ("6", Conv2d(64, 32, 3, padding: 1)))),
        ("decoder", Sequential(("0", Conv2d(32, 64, 3, padding: 1)), ("1", BatchNorm2d(64)), ("2", ReLU()),
            ("3", Conv2d(64, target, 3, padding: 1)))));

    /// <summary>Merges both predictions, joined on channels.</summary>
    public static Part Fusion(long target) => new(
        nameof(Fusion),
        ("fusion", Sequential(("0", Conv2d(2 * target, target, 3, padding: 1)), ("1", BatchNorm2d(target)), ("2", ReLU()),
            ("3", Conv2d(target, target, 3, padding: 1)))));

    /// <summary>Says from the fused prediction and layer3, joined on channels, how anomalous each position is, in (0, 1).</summary>
    public static Part Detector(long target) => new(
        nameof(Detector),
        ("detector", Sequential(("0", Conv2d(2 * target, 128, 3, padding: 1)), ("1", BatchNorm2d(128)), ("2", ReLU()),
            ("3", Conv2d(128, 64, 3, padding: 1)), ("4", BatchNorm2d(64)), ("5", ReLU()), ("6", Conv2d(64, 1, 1)), ("7", Sigmoid()))));

    /// <summary>Stages that run one after another, each a child of its name in the state dict.</summary>
    internal sealed class Part : Module<Tensor, Tensor>, IOnnxModule
    {
        public Part(string name, params (string Name, Sequential Layers)[] stages) : base(name)
        {
            Stages = [.. stages.Select(stage => stage.Layers)];
            foreach (var (stage, layers) in stages)
                register_module(stage, layers);
        }

        /// <summary>The layers in the order in which they run.</summary>
        public IReadOnlyList<Sequential> Stages { get; }

        public override Tensor forward(Tensor input) => Stages.Aggregate(input, (x, stage) => stage.call(x));

        public OnnxValue Export(OnnxValue input) => Stages.Aggregate(input, (x, stage) => stage.Apply(x));
    }
}
