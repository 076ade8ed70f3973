using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The bottleneck and the decoder, which see the teacher's features alone (specification, sections 3 and 6).</summary>
internal sealed partial class ReverseDistillationNetwork : AnomalyNetwork
{
    private readonly ReverseDistillationOptions _options;

    public ReverseDistillationNetwork(ReverseDistillationOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Bottleneck = new(teacher.Architecture, options.NarrowBottleneck);
        Student = new(teacher.Architecture);
        foreach (var (prefix, module) in Parts)
            InitialWeights.Torchvision(module, seed, prefix);
    }

    public OneClassBottleneck Bottleneck { get; }

    public ReverseDecoder Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("student", Student), ("bn", Bottleneck)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new ReverseDistillationTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var pairs = Pairs(input.Features);
        var size = _options.InputSize;
        var map = _options.Map switch
        {
            ReverseDistillationMap.WeightedSum => DistanceMaps.WeightedSum(pairs.Select(p => FeatureDistance.OfUnits(p.Teacher, p.Student) / 2), size),
            ReverseDistillationMap.CosineSum => Cosines().Aggregate((a, b) => a + b),
            _ => Cosines().Aggregate((a, b) => a * b),
        };
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();

        IEnumerable<Tensor> Cosines() => pairs.Select(p => DistanceMaps.Enlarge(FeatureDistance.Cosine(p.Teacher, p.Student), size, alignCorners: true));
    }

    /// <summary>The code of a batch, (N, 512e, h/2, w/2) for layer3's h and w.</summary>
    public Tensor Code(TeacherFeatures features) =>
        Bottleneck.call(features[BackboneTap.Layer1], features[BackboneTap.Layer2], features[BackboneTap.Layer3]);

    /// <summary>The teacher's features and what is restored of them, layer by layer.</summary>
    public (Tensor Teacher, Tensor Student)[] Pairs(TeacherFeatures features) =>
        [.. Student.call(Code(features)).Select((restored, i) => (features[ReverseDistillationOptions.Taps[i]], restored))];
}
