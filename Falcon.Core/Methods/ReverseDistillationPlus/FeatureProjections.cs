using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>What brings each layer of the teacher into a compact space of the same shape (specification, section 3): <c>proj_a</c>, <c>proj_b</c> and
/// <c>proj_c</c> for layer1, layer2 and layer3.</summary>
internal sealed class FeatureProjections : Module<Tensor[], Tensor[]>
{
    private readonly Module<Tensor, Tensor>[] _levels;

    public FeatureProjections(ResNetArchitecture architecture) : base(nameof(FeatureProjections))
    {
        _levels = [.. ReverseDistillationOptions.Taps.Select(tap => new Projection(architecture.Channels(tap)))];
        for (var i = 0; i < _levels.Length; i++)
            register_module($"proj_{"abc"[i]}", _levels[i]);
    }

    public override Tensor[] forward(Tensor[] layers) => [.. layers.Select((layer, i) => _levels[i].call(layer))];

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(IEnumerable<OnnxValue> layers) => [.. layers.Select((layer, i) => _levels[i].Apply(layer))];

    /// <summary>Four convolutions that narrow to a quarter of the channels and widen again. Instance norms have no weights and are the same in training and
    /// evaluation; they take every convolution's bias away again.</summary>
    private sealed class Projection : Module<Tensor, Tensor>, IOnnxModule
    {
        [ComponentName(Name = "proj")]
        private readonly Sequential _stages;

        public Projection(int channels) : base(nameof(Projection))
        {
            int[] widths = [channels, channels / 2, channels / 4, channels / 2, channels];
            Module<Tensor, Tensor>[] layers =
                [.. widths.Zip(widths.Skip(1)).SelectMany(pair => (Module<Tensor, Tensor>[])
                    [Conv2d(pair.First, pair.Second, 3, padding: 1), InstanceNorm2d(pair.Second), LeakyReLU(0.01)])];
            _stages = Sequential(layers);
            RegisterComponents();
        }

        public override Tensor forward(Tensor layer) => _stages.call(layer);

        public OnnxValue Export(OnnxValue layer) => _stages.Apply(layer);
    }
}
