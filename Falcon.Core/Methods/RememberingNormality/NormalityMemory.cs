using Falcon.Onnx;
using Falcon.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A key-value memory of normal features (specification, section 3): every position recalls a mixture of values, weighed by how alike it is to the
/// keys. Names <c>keys</c> and <c>values</c>, (L, C) each.</summary>
internal sealed class NormalityMemory : Module<Tensor, Tensor>
{
    /// <param name="rows">L.</param>
    /// <param name="channels">C.</param>
    /// <param name="isFixed">Whether the tables never learn.</param>
    public NormalityMemory(int rows, int channels, bool isFixed) : base(nameof(NormalityMemory))
    {
        register_parameter("keys", Table());
        register_parameter("values", Table());

        Parameter Table() => (Parameter)new Parameter(zeros(rows, channels), !isFixed).DetachFromDisposeScope();
    }

    public Parameter Keys => get_parameter("keys")!;

    public Parameter Values => get_parameter("values")!;

    /// <summary>Draws both tables from the standard normal distribution.</summary>
    public void Draw(MasterSeed seed, string owner)
    {
        using var frozen = no_grad();
        foreach (var (name, table) in new[] { ("keys", Keys), ("values", Values) })
        {
            using var generator = new Generator(seed.StreamSeed("initial-weights", $"{owner}.{name}"));
            table.normal_(0, 1, generator);
        }
    }

    /// <summary>The student's way: keys are the address. (N, C, h, w) in and out.</summary>
    public override Tensor forward(Tensor features) => Recall(features, Keys);

    /// <summary>The exemplars' way: values are the address. (N, C, h, w) in and out.</summary>
    public Tensor RecallByValues(Tensor features) => Recall(features, Values);

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue Export(OnnxValue features)
    {
        using var scope = NewDisposeScope();
        var graph = features.Graph;
        var shares = FeatureDistance.Unit(features).Rows().MatMul(graph.Tensor(FeatureDistance.Unit(Keys).t())).Softmax(1);
        return shares.MatMul(graph.Tensor(Values)).Transpose(1, 0).Reshape(features.Shape);
    }

    /// <summary>The mean over all pairs of a key and a value of their cosine, or of its square.</summary>
    public Tensor Alikeness(bool squared)
    {
        var cosines = FeatureDistance.Unit(Keys).matmul(FeatureDistance.Unit(Values).t());
        return (squared ? cosines.square() : cosines).mean();
    }

    private Tensor Recall(Tensor features, Tensor address)
    {
        using var scope = NewDisposeScope();
        var queries = FeatureDistance.Unit(features).flatten(2).transpose(1, 2);
        var shares = queries.matmul(FeatureDistance.Unit(address).t()).softmax(2);
        return shares.matmul(Values).transpose(1, 2).reshape(features.shape).MoveToOuterDisposeScope();
    }
}
