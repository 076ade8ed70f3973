using Falcon.Backbones;
using Falcon.DrawnData;
using Falcon.Randomness;
using Falcon.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Pretraining;

/// <summary>The compact network in training, the heads that are dropped afterwards, and the measured channels of the source teachers.</summary>
internal sealed class TeacherPretrainingNetwork : PretrainingNetwork
{
    /// <summary>The layers that are distilled.</summary>
    public static readonly BackboneTap[] Taps = [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    private readonly TeacherPretrainingOptions _options;
    private readonly ModuleList<Module<Tensor, Tensor>> _heads;

    /// <param name="options">The recipe.</param>
    /// <param name="sources">What is distilled: a head for each layer of each. From scratch one that says where to compute.</param>
    /// <param name="seed">Initial weights.</param>
    public TeacherPretrainingNetwork(TeacherPretrainingOptions options, IReadOnlyList<Teacher> sources, MasterSeed seed) : base(options, sources[0])
    {
        (_options, Sources) = (options, sources);
        Compact = new ResNet(BackboneCatalog.Find(options.Network), BackboneTap.Layer3);
        InitialWeights.Torchvision(Compact, seed, options.Network);
        int[] channels = [.. Taps.Select(Compact.Architecture.Channels)];
        Statistics = [.. sources.Select(_ => channels.Select(count => new ChannelStatistics(count)).ToArray())];
        _heads = options.FromScratch
            ? ModuleList<Module<Tensor, Tensor>>(Linear(channels.Sum(), PictureFamily.All.Count))
            : ModuleList<Module<Tensor, Tensor>>([.. sources.SelectMany(_ => channels.Select(Identity))]);
        if (options.FromScratch)
            InitialWeights.PyTorch(_heads, seed, "heads");
    }

    /// <summary>The network that is kept.</summary>
    public ResNet Compact { get; }

    /// <summary>The networks that are distilled, all with the same channels; they stay the caller's.</summary>
    public IReadOnlyList<Teacher> Sources { get; }

    /// <summary>Mean and deviation of each channel of the layers of each source.</summary>
    public IReadOnlyList<IReadOnlyList<ChannelStatistics>> Statistics { get; }

    /// <summary>Every parameter that is trained.</summary>
    public IEnumerable<Parameter> Trained => Compact.parameters().Concat(_heads.parameters());

    protected override PretrainingRun Start(IReadOnlyList<string> files, MasterSeed seed) =>
        new TeacherPretrainingRun(_options, this, new PictureCrops(_options, files, seed));

    public override IReadOnlyList<(string Prefix, Module Module)> Parts =>
        [("network", Compact), ("heads", _heads), .. Statistics.SelectMany(layers => layers).Select((statistics, i) => ($"statistics.{i}", (Module)statistics))];

    /// <summary>Takes the weights of the compact network from a file, in place of random ones; heads stay as they are.</summary>
    public void GoOnFrom(string path)
    {
        using var file = WeightFile.Open(path);
        StateDict.Load(Compact, file);
    }

    /// <summary>What the compact network says of the sources' normalised features, for each source a tensor for each of <see cref="Taps"/>.</summary>
    /// <param name="images">(N, 3, H, W) float32, ImageNet-normalised.</param>
    public Tensor[][] Predict(Tensor images)
    {
        var features = Compact.call(images, Taps);
        return [.. _heads.Chunk(Taps.Length).Select(heads => features.Zip(heads, (feature, head) => head.call(feature)).ToArray())];
    }

    /// <summary>Which family each crop comes from, (N, families): all layers, averaged over positions, decide.</summary>
    /// <param name="images">(N, 3, H, W) float32, ImageNet-normalised.</param>
    public Tensor Classify(Tensor images) => _heads[0].call(cat([.. Compact.call(images, Taps).Select(feature => feature.mean([2, 3]))], dim: 1));

    /// <summary>A linear map of the channels that changes nothing before training, so that the layers themselves stay close to the source's.</summary>
    private static Conv2d Identity(int channels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var head = Conv2d(channels, channels, 1);
        head.weight.copy_(eye(channels).reshape(channels, channels, 1, 1));
        head.bias!.zero_();
        return head;
    }
}
