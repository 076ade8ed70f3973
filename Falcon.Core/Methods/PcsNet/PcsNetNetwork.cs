using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>Adapted features, their distances to prototypes, and the segmentation of both (specification, sections 3 and 6).</summary>
internal sealed partial class PcsNetNetwork : AnomalyNetwork
{
    private const double Slope = 0.01;

    private readonly PcsNetOptions _options;
    private readonly int _channels;

    public PcsNetNetwork(PcsNetOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        var channels = PcsNetOptions.Channels(teacher.Architecture);
        (_options, _channels) = (options, options.SegmentationChannels ?? channels.Sum() / 2);
        Neighbours = Math.Min(options.Neighbours, options.Grid * options.Grid);
        Adaptor = new(channels, options.Rotating, options.Grid);
        Segmentation = new(_channels, Neighbours, options.Bins);
        foreach (var (prefix, module) in Parts)
            InitialWeights.PyTorch(module, seed, prefix);
    }

    public PrototypeAdaptor Adaptor { get; }

    public SegmentationNetwork Segmentation { get; }

    /// <summary>How many prototypes' distances the segmentation sees.</summary>
    public int Neighbours { get; }

    /// <summary>The channels of the descriptions that it sees, and of its own.</summary>
    public int Channels => _channels;

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("adaptor", Adaptor), ("cas", Segmentation)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) =>
        new PcsNetTraining(_options, this, images, new PastedViews(_options, Teacher, images, seed).Draw);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var description = Adaptor.Descriptor.call(Levels(input.Features));
        var map = Segment(description, Adaptor.Nearest(description, Neighbours).Distances, keep: null);
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>What the descriptor reads of features: each level behind a leaky ReLU in place of its closing ReLU.</summary>
    public static Tensor[] Levels(TeacherFeatures features) => Array.ConvertAll(PcsNetOptions.Taps, tap => leaky_relu(features[tap], Slope));

    /// <summary>The map before smoothing, (N, H, W).</summary>
    /// <param name="description">(N, D, grid, grid).</param>
    /// <param name="nearest">(N, positions, K).</param>
    /// <param name="keep">The channels that dropout keeps, (N, C); null without dropout.</param>
    public Tensor Segment(Tensor description, Tensor nearest, Tensor? keep) =>
        Segmentation.Map(Guide(description), Layers(nearest), _options.InputSize.Height, _options.InputSize.Width, keep);

    /// <summary>What the segmentation sees of descriptions.</summary>
    public Tensor Guide(Tensor description) => description.narrow(1, 0, _channels);

    /// <summary>Distances as an image, (N, K, grid, grid) for (N, positions, K).</summary>
    public Tensor Layers(Tensor nearest) => nearest.transpose(1, 2).reshape(nearest.shape[0], nearest.shape[2], _options.Grid, _options.Grid);
}
