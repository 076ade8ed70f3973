using Falcon.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The encoder run backwards, as <see cref="ReverseDecoder"/>, with a generation block at each level that fills in what a mask hides (specification,
/// section 3). Names: <c>layer1</c> and <c>generation1</c> (for layer3's features), <c>layer2</c>, …, and a <c>conv1</c> that computes nothing.</summary>
internal sealed class MaskedDecoder : Module
{
    private readonly Sequential[] _layers, _generations;

    public MaskedDecoder(ResNetArchitecture architecture) : base(nameof(MaskedDecoder))
    {
        _layers = [.. Enumerable.Range(0, 3).Select(i => UpsamplingBlock.Layer(architecture, Level(i), architecture.Channels(Level(i) + 1), architecture.Blocks[i]))];
        _generations = [.. Enumerable.Range(0, 3).Select(i => Generation(architecture.Channels(Level(i))))];
        for (var i = 0; i < 3; i++)
        {
            register_module($"layer{i + 1}", _layers[i]);
            register_module($"generation{i + 1}", _generations[i]);
        }

        // In the public code's network, of this size whatever the teacher.
        register_module("conv1", Conv2d(2048, 512, 1, bias: false));
    }

    /// <summary>The decoder's levels, which no mask touches: features like those of layer1, layer2 and layer3.</summary>
    public IReadOnlyList<Tensor> Decode(Tensor code)
    {
        var third = _layers[0].call(code);
        var second = _layers[1].call(third);
        return [_layers[2].call(second), second, third];
    }

    /// <summary>The restored features of layer1, layer2 and layer3.</summary>
    /// <param name="levels">What <see cref="Decode"/> gave.</param>
    /// <param name="masks">Null shows every position.</param>
    public IReadOnlyList<Tensor> Generate(IReadOnlyList<Tensor> levels, FeatureMasks? masks) =>
        [.. levels.Select((level, i) => _generations[2 - i].call(masks is null ? level : level * masks.Levels[i].to(level.dtype)))];

    private static BackboneTap Level(int index) => BackboneTap.Layer3 - index;

    private static Sequential Generation(int channels) =>
        Sequential(Conv2d(channels, channels, 3, padding: 1), ReLU(), Conv2d(channels, channels, 3, padding: 1));
}
