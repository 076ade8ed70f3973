using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Reverse distillation's decoder with a generation block at each level that fills in what a mask hides (specification, section 3). <c>call</c> gives the levels, which no
/// mask touches. Names: the decoder's, <c>generation1</c> (for layer3's features) to <c>generation3</c>, and a <c>conv1</c> that computes nothing.</summary>
internal sealed class MaskedDecoder : ReverseDecoder
{
    private readonly Sequential[] _generations;

    public MaskedDecoder(ResNetArchitecture architecture) : base(architecture)
    {
        _generations = [.. Enumerable.Range(0, 3).Select(i => Generation(architecture.Channels(BackboneTap.Layer3 - i)))];
        for (var i = 0; i < 3; i++)
            register_module($"generation{i + 1}", _generations[i]);

        // In the public code's network, of this size whatever the teacher.
        register_module("conv1", Conv2d(2048, 512, 1, bias: false));
    }

    /// <summary>The restored features of layer1, layer2 and layer3.</summary>
    /// <param name="levels">What <c>call</c> gave.</param>
    /// <param name="masks">Null shows every position.</param>
    public IReadOnlyList<Tensor> Generate(IReadOnlyList<Tensor> levels, FeatureMasks? masks) =>
        [.. levels.Select((level, i) => _generations[2 - i].call(masks is null ? level : level * masks.Levels[i].to(level.dtype)))];

    /// <summary>As above, in a graph.</summary>
    public OnnxValue[] Generate(IReadOnlyList<OnnxValue> levels, FeatureMasks? masks) =>
        [.. levels.Select((level, i) => _generations[2 - i].Apply(masks is null ? level : level * level.Graph.Tensor(masks.Levels[i])))];

    private static Sequential Generation(int channels) =>
        Sequential(Conv2d(channels, channels, 3, padding: 1), ReLU(), Conv2d(channels, channels, 3, padding: 1));
}
