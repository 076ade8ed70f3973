using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Reverse distillation's bottleneck and a decoder that restores what masks hide (specification, sections 3 and 6).</summary>
internal sealed partial class MrkdNetwork : AnomalyNetwork
{
    private readonly MrkdOptions _options;
    private readonly MasterSeed _seed;

    public MrkdNetwork(MrkdOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        (_options, _seed) = (options, seed);
        Bottleneck = new(teacher.Architecture, narrow: false);
        Student = new(teacher.Architecture);
        foreach (var (prefix, module) in Parts)
            InitialWeights.Torchvision(module, seed, prefix);
    }

    public OneClassBottleneck Bottleneck { get; }

    public MaskedDecoder Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("student", Student), ("bn", Bottleneck)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) =>
        new MrkdTraining(_options, this, images, new MaskedViews(_options, Teacher, images, seed).Draw);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        return Map(input.Features, TestMasks(input.Features)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the maps with some masks, (N, H, W).</summary>
    public Tensor Map(TeacherFeatures features, IReadOnlyList<FeatureMasks?> masks)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var levels = Student.call(Code(features));
        var maps = masks.Select(mask => DistanceMaps.Sum(Distances(features, Student.Generate(levels, mask)), _options.InputSize, alignCorners: true));
        var mean = maps.Aggregate((a, b) => a + b) / masks.Count;
        return GaussianSmoothing.Of(mean, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>The code of a batch, (N, 512e, h/2, w/2) for layer3's h and w.</summary>
    public Tensor Code(TeacherFeatures features) =>
        Bottleneck.call(features[BackboneTap.Layer1], features[BackboneTap.Layer2], features[BackboneTap.Layer3]);

    /// <summary>The features of layer1, layer2 and layer3 restored from those of the same or of a changed image.</summary>
    public IReadOnlyList<Tensor> Restored(TeacherFeatures seen, FeatureMasks? masks) => Student.Generate(Student.call(Code(seen)), masks);

    /// <summary>1 − the cosine of whole maps, averaged over the batch, for each level, (3).</summary>
    public static Tensor Losses(TeacherFeatures clean, IReadOnlyList<Tensor> restored) =>
        stack(MrkdOptions.Taps.Select((tap, i) => FeatureDistance.WholeCosine(clean[tap], restored[i]).mean()));

    /// <summary>Rows and columns of layer1, layer2 and layer3.</summary>
    public static (long Rows, long Columns)[] Sizes(TeacherFeatures features) =>
        Array.ConvertAll(MrkdOptions.Taps, tap => (features[tap].shape[2], features[tap].shape[3]));

    private static IEnumerable<Tensor> Distances(TeacherFeatures features, IReadOnlyList<Tensor> restored) =>
        MrkdOptions.Taps.Select((tap, i) => FeatureDistance.Cosine(features[tap], restored[i]));

    /// <summary>The same masks for every image, so that no score depends on other images or on their order.</summary>
    private FeatureMasks?[] TestMasks(TeacherFeatures features) => TestMasks(Sizes(features), features[MrkdOptions.Taps[0]].device);

    private FeatureMasks?[] TestMasks((long Rows, long Columns)[] sizes, Device device) => _options.TestMasks == 0
        ? [null]
        : [.. Enumerable.Range(0, _options.TestMasks)
            .Select(i => FeatureMasks.Draw([_seed.Stream("mrkd/test-mask", $"{i}")], sizes, _options.MaskRatio, device))];
}
