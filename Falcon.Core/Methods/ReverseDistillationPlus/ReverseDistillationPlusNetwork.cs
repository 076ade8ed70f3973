using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The projections before reverse distillation's bottleneck and decoder (specification, sections 3 and 6). The decoder restores the features as the
/// teacher gives them.</summary>
internal sealed partial class ReverseDistillationPlusNetwork : AnomalyNetwork
{
    private readonly ReverseDistillationPlusOptions _options;

    public ReverseDistillationPlusNetwork(ReverseDistillationPlusOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Projections = new(teacher.Architecture);
        Bottleneck = new(teacher.Architecture, narrow: false);
        Student = new(teacher.Architecture);
        InitialWeights.PyTorch(Projections, seed, "proj");
        InitialWeights.Torchvision(Bottleneck, seed, "bn");
        InitialWeights.Torchvision(Student, seed, "student");
    }

    public FeatureProjections Projections { get; }

    public OneClassBottleneck Bottleneck { get; }

    public ReverseDecoder Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("proj", Projections), ("bn", Bottleneck), ("student", Student)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) =>
        new ReverseDistillationPlusTraining(_options, this, images, new TrainingDraws(_options, Teacher, images, seed));

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var teacher = Layers(input.Features);
        var distances = teacher.Zip(Restore(Project(teacher)), FeatureDistance.Cosine);
        return GaussianSmoothing.Of(DistanceMaps.Sum(distances, _options.InputSize, alignCorners: true), _options.Smoothing, _options.SmoothingSigma)
            .MoveToOuterDisposeScope();
    }

    /// <summary>layer1, layer2 and layer3 of the teacher.</summary>
    public static Tensor[] Layers(TeacherFeatures features) => [.. ReverseDistillationOptions.Taps.Select(tap => features[tap])];

    /// <summary>The layers projected, of the same shapes.</summary>
    public Tensor[] Project(Tensor[] layers) => Projections.call(layers);

    /// <summary>The code of projected layers, (N, 512e, h/2, w/2) for layer3's h and w.</summary>
    public Tensor Code(Tensor[] projected) => Bottleneck.call(projected[0], projected[1], projected[2]);

    /// <summary>The layers as they are restored of projected ones.</summary>
    public Tensor[] Restore(Tensor[] projected) => Student.call(Code(projected));
}
