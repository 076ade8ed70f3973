using Falcon.Onnx;
using Falcon.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>EfficientNet-B0 (Tan and Le, ICML 2019) without its head, trainable, with timm's state-dict names. No stochastic depth, no dropout.</summary>
/// <remarks><c>call(images, taps)</c>: images (N, 3, H, W) float32, ImageNet-normalised; one tensor (N, C, h, w) per tap, in the order asked for. It runs no
/// deeper than the deepest tap asked for.</remarks>
internal sealed class EfficientNet : Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]>, IPartialNetwork, IOnnxNetwork
{
    /// <summary>The name of the architecture.</summary>
    public const string B0 = "efficientnet_b0";

    private const int StemChannels = 32;

    private static readonly (int Repeats, int Kernel, int Stride, int Expansion, int Outputs)[] Stages =
        [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)];

    private static readonly string[] Head = ["conv_head.", "bn2.", "classifier."];

    [ComponentName(Name = "conv_stem")]
    private readonly Conv2d _stem;

    [ComponentName(Name = "bn1")]
    private readonly BatchNorm2d _stemNorm;

    private readonly Sequential[] _stages;

    public EfficientNet() : base(B0)
    {
        _stem = Conv2d(3, StemChannels, 3, stride: 2, padding: 1, bias: false);
        _stemNorm = BatchNorm2d(StemChannels);
        RegisterComponents();
        var inputs = StemChannels;
        _stages = [.. Stages.Select(stage =>
        {
            var blocks = Enumerable.Range(0, stage.Repeats).Select(Module<Tensor, Tensor> (i) =>
                new EfficientNetBlock(i == 0 ? inputs : stage.Outputs, stage.Outputs, stage.Kernel, i == 0 ? stage.Stride : 1, stage.Expansion)).ToList();
            inputs = stage.Outputs;
            return Sequential(blocks);
        })];
        register_module("blocks", Sequential(_stages));
    }

    /// <summary>Whether a state-dict name belongs to the head.</summary>
    bool IPartialNetwork.LeavesOut(string name) => Head.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    public OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps)
    {
        var results = new Dictionary<BackboneTap, OnnxValue>();
        var x = _stemNorm.Apply(_stem.Apply(images)).Silu();
        for (var tap = BackboneTap.Stage0; tap <= taps.Max(); tap++)
            x = results[tap] = _stages[tap - BackboneTap.Stage0].Apply(x);
        return [.. taps.Select(tap => results[tap])];
    }

    public override Tensor[] forward(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        using var scope = NewDisposeScope();
        var results = new Tensor[taps.Count];
        var x = _stemNorm.call(_stem.call(images)).silu();
        for (var stage = 0; stage <= taps.Max() - BackboneTap.Stage0; stage++)
        {
            x = _stages[stage].call(x);
            for (var i = 0; i < taps.Count; i++)
                if (taps[i] == BackboneTap.Stage0 + stage)
                    results[i] = x;
        }
        foreach (var result in results)
            result.MoveToOuterDisposeScope();
        return results;
    }
}
