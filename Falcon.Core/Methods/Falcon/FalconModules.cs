using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The four trained modules of FALCON with the specification's state-dict names (section 3). Inputs and outputs are (N, C, h, w) float32.</summary>
internal static class FalconModules
{
    /// <summary>Predicts layer3 from layer2.</summary>
    public static EncoderModule Student(long input, long target) =>
        new(Sequential(("0", Conv2d(input, input, 3, stride: 2, padding: 1)), ("1", BatchNorm2d(input)), ("2", ReLU()),
            ("3", Conv2d(input, target, 3, padding: 1))), null);

    /// <summary>Predicts layer3 from layer2 through a bottleneck of 32 channels.</summary>
    public static EncoderModule Autoencoder(long input, long target) =>
        new(Sequential(("0", Conv2d(input, 64, 3, padding: 1)), ("1", BatchNorm2d(64)), ("2", ReLU()),
                ("3", Conv2d(64, 64, 3, stride: 2, padding: 1)), ("4", BatchNorm2d(64)), ("5", ReLU()),
                ("6", Conv2d(64, 32, 3, padding: 1))),
            Sequential(("0", Conv2d(32, 64, 3, padding: 1)), ("1", BatchNorm2d(64)), ("2", ReLU()), ("3", Conv2d(64, target, 3, padding: 1))));

    /// <summary>Merges both predictions, joined on channels.</summary>
    public static FusionModule Fusion(long target) =>
        new(Sequential(("0", Conv2d(2 * target, target, 3, padding: 1)), ("1", BatchNorm2d(target)), ("2", ReLU()),
            ("3", Conv2d(target, target, 3, padding: 1))));

    /// <summary>Says from the fused prediction and layer3, joined on channels, how anomalous each position is, in (0, 1).</summary>
    public static DetectorModule Detector(long target) =>
        new(Sequential(("0", Conv2d(2 * target, 128, 3, padding: 1)), ("1", BatchNorm2d(128)), ("2", ReLU()),
            ("3", Conv2d(128, 64, 3, padding: 1)), ("4", BatchNorm2d(64)), ("5", ReLU()), ("6", Conv2d(64, 1, 1)), ("7", Sigmoid())));

    internal abstract class Part(string name) : Module<Tensor, Tensor>(name)
    {
        /// <summary>The layers in the order in which they run.</summary>
        public abstract IEnumerable<Sequential> Stages { get; }

        public override Tensor forward(Tensor input) => Stages.Aggregate(input, (x, stage) => stage.call(x));
    }

    internal sealed class EncoderModule : Part
    {
        private readonly Sequential encoder;
        private readonly Sequential? decoder;

        public EncoderModule(Sequential encoder, Sequential? decoder) : base(nameof(EncoderModule))
        {
            (this.encoder, this.decoder) = (encoder, decoder);
            RegisterComponents();
        }

        public override IEnumerable<Sequential> Stages => decoder is null ? [encoder] : [encoder, decoder];
    }

    internal sealed class FusionModule : Part
    {
        private readonly Sequential fusion;

        public FusionModule(Sequential fusion) : base(nameof(FusionModule))
        {
            this.fusion = fusion;
            RegisterComponents();
        }

        public override IEnumerable<Sequential> Stages => [fusion];
    }

    internal sealed class DetectorModule : Part
    {
        private readonly Sequential detector;

        public DetectorModule(Sequential detector) : base(nameof(DetectorModule))
        {
            this.detector = detector;
            RegisterComponents();
        }

        public override IEnumerable<Sequential> Stages => [detector];
    }
}
