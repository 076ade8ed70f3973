using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>DBFAD's student (specification, section 3): <c>call(x)</c> takes the teacher's pooled stem and layer1 to layer3 and gives what is restored of them, in
/// this order.</summary>
internal sealed class DbfadStudent : Module<Tensor[], Tensor[]>
{
    private const int Embedded = 256, Code = 512;

    private readonly Sequential[] _embedding, _decoder, _residuals;
    private readonly (Module<Tensor, Tensor>[] Compression, PredictiveBlock Predictive) _bottleneck;

    [ComponentName(Name = "AttBlock")]
    private readonly Sequential _attention;

    /// <param name="axis">Along what gates sum to 1.</param>
    /// <param name="domainGeneralisation">Whether the residual connections are left out.</param>
    public DbfadStudent(GateAxis axis, bool domainGeneralisation) : base(nameof(DbfadStudent))
    {
        _embedding =
        [
            Named("block1", Halving(64, 128), Halving(128, Embedded)), Named("block2", Halving(64, 128), Halving(128, Embedded)),
            Named("block3", Halving(128, Embedded)), Named("block4", new RectifiedConvolution(256, Embedded, 1)),
        ];
        _bottleneck = ([new RectifiedConvolution(Embedded, 256, 1), new RectifiedConvolution(256, 256, 1), Halving(256, Code)], new PredictiveBlock(Code));
        Named("block5", [.. _bottleneck.Compression, _bottleneck.Predictive]);
        _attention = Sequential(new AttentionGate(Code, 3, 2, axis));
        _residuals = domainGeneralisation ? [] :
        [
            Named("residualLayer0_1", new RectifiedConvolution(64, 64, 3), Gate(64)),
            Named("residualLayer1_2", new RectifiedConvolution(64, 128, 3), AvgPool2d(2, stride: 2), Gate(128)),
            Named("residualLayer2_3", new RectifiedConvolution(128, 256, 3), AvgPool2d(2, stride: 2), Gate(256)),
        ];

        // The decoder is ResNet-18 run backwards.
        var architecture = BackboneCatalog.Find("resnet18");
        _decoder =
        [
            UpsamplingBlock.Layer(architecture, BackboneTap.Layer3, Code, 2), UpsamplingBlock.Layer(architecture, BackboneTap.Layer2, 256, 2),
            UpsamplingBlock.Layer(architecture, BackboneTap.Layer1, 128, 2), Sequential(ResidualBlock.Layer(architecture, BackboneTap.Layer1, 64, 1, 2)),
        ];
        for (var i = 0; i < _decoder.Length; i++)
            register_module($"layer{i}", _decoder[i]);
        RegisterComponents();

        AttentionGate Gate(int channels) => new(channels, 1, 3, axis);
    }

    public override Tensor[] forward(Tensor[] x) => Run(x).Restored;

    /// <summary>What is restored, and the loss of the predictive block in the bottleneck.</summary>
    public (Tensor[] Restored, Tensor PredictiveLoss) Run(Tensor[] x)
    {
        var embedded = _embedding.Select((block, i) => block.call(x[i])).Aggregate((a, b) => a + b);
        var hidden = _bottleneck.Compression.Aggregate(embedded, (value, layer) => layer.call(value));
        var predicted = _bottleneck.Predictive.call(hidden);
        var third = Add(2, _decoder[0].call(_attention.call(predicted)));
        var second = Add(1, _decoder[1].call(third));
        var first = Add(0, _decoder[2].call(second));
        return ([_decoder[3].call(first), first, second, third], PredictiveBlock.Loss(predicted, hidden));

        Tensor Add(int connection, Tensor decoded) => _residuals.Length == 0 ? decoded : decoded + _residuals[connection].call(x[connection]);
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(IReadOnlyList<OnnxValue> x)
    {
        var embedded = _embedding.Select((block, i) => block.Apply(x[i])).Aggregate((a, b) => a + b);
        var hidden = _bottleneck.Compression.Aggregate(embedded, (value, layer) => layer.Apply(value));
        var third = Add(2, _decoder[0].Apply(_attention.Apply(_bottleneck.Predictive.Apply(hidden))));
        var second = Add(1, _decoder[1].Apply(third));
        var first = Add(0, _decoder[2].Apply(second));
        return [_decoder[3].Apply(first), first, second, third];

        OnnxValue Add(int connection, OnnxValue decoded) => _residuals.Length == 0 ? decoded : decoded + _residuals[connection].Apply(x[connection]);
    }

    private Sequential Named(string name, params Module<Tensor, Tensor>[] layers)
    {
        var sequential = Sequential(layers);
        register_module(name, sequential);
        return sequential;
    }

    private static RectifiedConvolution Halving(int inputs, int outputs) => new(inputs, outputs, 1, stride: 2);
}
