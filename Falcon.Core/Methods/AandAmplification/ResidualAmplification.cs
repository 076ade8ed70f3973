using Falcon.Backbones;
using Falcon.Onnx;
using Falcon.Randomness;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Residual anomaly amplification of one level (specification, section 3): moves features that resemble abnormal items. Names: <c>projs.0</c> (the query
/// φ1), <c>projs2.0</c> (the scaling φ2), <c>K_list.0</c> (the items).</summary>
internal sealed class ResidualAmplification : Module<Tensor, Tensor>, IOnnxModule
{
    private const int ItemsOfAKind = 50, WidestHidden = 1024;
    private const double Temperature = 0.2, LeastNorm = 1e-8;

    [ComponentName(Name = "projs")]
    private readonly ModuleList<Sequential> _query;

    [ComponentName(Name = "projs2")]
    private readonly ModuleList<Sequential> _scaling;

    [ComponentName(Name = "K_list")]
    private readonly ItemList _items;

    /// <param name="channels">C, a multiple of 4.</param>
    public ResidualAmplification(int channels) : base(nameof(ResidualAmplification))
    {
        var hidden = Math.Min(2 * channels, WidestHidden);
        _query = new(Chain());
        _scaling = new(Chain());
        _items = new(2 * ItemsOfAKind, channels);
        RegisterComponents();

        Sequential Chain() => Sequential(Conv2d(channels, hidden, 1), ReLU(), Conv2d(hidden, hidden, 1), ReLU(), Conv2d(hidden, channels, 1));
    }

    /// <summary>Draws the initial weights.</summary>
    public void Draw(MasterSeed seed, string owner)
    {
        InitialWeights.Torchvision(this, seed, owner);
        using var frozen = no_grad();
        using var generator = new Generator(seed.StreamSeed("initial-weights", $"{owner}.K_list.0"));
        _items.Values.normal_(0, 1, generator);
    }

    /// <summary>How abnormal each position is.</summary>
    /// <param name="features">(N, C, h, w) of the teacher.</param>
    /// <returns>(N, h, w) in [0, 1].</returns>
    public Tensor Gate(Tensor features)
    {
        using var scope = NewDisposeScope();
        var query = _query[0].call(features + PositionCode.Like(features));
        // The items are few, so that whatever can be is done to them and not to each position.
        var items = _items.Values[0];
        var directions = items / (items.norm(1, keepdim: true).clamp_min(LeastNorm) * Temperature);
        var products = functional.conv2d(query, directions.unsqueeze(-1).unsqueeze(-1));
        var shares = (products / query.norm(1, keepdim: true).clamp_min(LeastNorm)).softmax(1);
        return shares.narrow(1, ItemsOfAKind, ItemsOfAKind).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Δ, what abnormal features are moved by.</summary>
    /// <param name="features">(…, C, h, w) of the teacher.</param>
    public Tensor Residual(Tensor features)
    {
        using var scope = NewDisposeScope();
        return (_scaling[0].call(features).tanh() * features).MoveToOuterDisposeScope();
    }

    /// <summary>The features, moved by the share that a gate says.</summary>
    /// <param name="features">(N, C, h, w) of the teacher.</param>
    /// <param name="gate">(N, h, w) in [0, 1].</param>
    public Tensor Advanced(Tensor features, Tensor gate)
    {
        using var scope = NewDisposeScope();
        return (features + gate.unsqueeze(1) * Residual(features)).MoveToOuterDisposeScope();
    }

    /// <summary>The features, moved as far as they are abnormal.</summary>
    public override Tensor forward(Tensor features) => Advanced(features, Gate(features));

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue features)
    {
        using var scope = NewDisposeScope();
        var graph = features.Graph;
        var code = graph.Tensor(PositionCode.Like(zeros(features.Shape, device: CPU)));
        var query = _query[0].Apply(features + code);
        var items = _items.Values[0];
        var directions = items / (items.norm(1, keepdim: true).clamp_min(LeastNorm) * Temperature);
        var products = query.Conv(directions.unsqueeze(-1).unsqueeze(-1));
        var shares = (products / query.Square().KeptSum(1).Sqrt().AtLeast(LeastNorm)).Softmax(1);
        var gate = shares.Narrow(1, ItemsOfAKind, ItemsOfAKind).KeptSum(1);
        return features + gate * (_scaling[0].Apply(features).Tanh() * features);
    }

    /// <summary>Normal items and, after them, as many abnormal ones: one parameter <c>0</c>, (1, K, C).</summary>
    private sealed class ItemList : Module
    {
        public ItemList(int count, int channels) : base(nameof(ItemList)) => register_parameter("0", Parameter(zeros(1, count, channels, device: CPU)));

        public Tensor Values => get_parameter("0")!;
    }
}
