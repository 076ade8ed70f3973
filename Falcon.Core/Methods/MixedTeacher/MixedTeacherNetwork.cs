using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>Two students, which see the image itself (specification, sections 3 and 6).</summary>
internal sealed partial class MixedTeacherNetwork : AnomalyNetwork
{
    /// <summary>State-dict prefixes of the paper form's students.</summary>
    public const string ResidualPrefix = "student_res", EfficientPrefix = "student_eff.feature_extractor";

    private readonly MixedTeacherOptions _options;
    private readonly nn.Module _residual;
    private readonly EfficientNet _efficient = new();

    public MixedTeacherNetwork(MixedTeacherOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        _residual = options.Form == MixedForm.Paper ? new ReducedResNet() : new ResNet(teacher.Architecture, options.ResidualTaps[^1]);
        for (var i = 0; i < Parts.Count; i++)
            if (!options.PretrainedStudents || Parts[i].Module is ReducedResNet || !teacher.Start(Parts[i].Module, i))
                InitialWeights.Torchvision(Parts[i].Module, seed, Parts[i].Prefix);
    }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => _options.Form == MixedForm.Paper
        ? [(ResidualPrefix, _residual), (EfficientPrefix, _efficient)]
        : [("student0.feature_extractor", _residual), ("student1.feature_extractor", _efficient)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new MixedTeacherTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (residual, efficient) = Maps(input);
        var map = _options.Form == MixedForm.Paper ? residual * Weights(efficient) : residual + efficient;
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>The map of each pair at the size of the input, (N, H, W).</summary>
    public (Tensor Residual, Tensor Efficient) Maps(NetworkInput input)
    {
        var (residual, efficient) = Distances(input);
        return (DistanceMaps.WeightedSum(residual, _options.InputSize),
            DistanceMaps.WeightedSum(efficient, _options.InputSize));
    }

    /// <summary>Half the squared distance of unit vectors at each layer of each pair, (N, h, w).</summary>
    public (Tensor[] Residual, Tensor[] Efficient) Distances(NetworkInput input)
    {
        var (residual, efficient) = Students(input.Pixels!);
        return ([.. _options.ResidualTaps.Zip(residual, (tap, student) => Half(Target(input.Features, tap), student))],
            [.. _options.EfficientTaps.Zip(efficient, (tap, student) => Half(Target(input.Features, tap), student))]);

        static Tensor Half(Tensor teacher, Tensor student) => FeatureDistance.OfUnits(teacher, student) / 2;
    }

    /// <summary>The students' features, tap by tap.</summary>
    public (Tensor[] Residual, Tensor[] Efficient) Students(Tensor images) => (
        _residual is ReducedResNet reduced ? reduced.call(images) : ((ResNet)_residual).call(images, _options.ResidualTaps),
        _efficient.call(images, _options.EfficientTaps));

    /// <summary>What a student is to repeat: the paper form pools the residual teacher's layers.</summary>
    public Tensor Target(TeacherFeatures features, BackboneTap tap) =>
        _options.Form == MixedForm.Paper && tap <= BackboneTap.Logits ? avg_pool2d(features[tap], 2, stride: 2) : features[tap];

    /// <summary>EfficientNet's map over its length, column by column or as a whole, times its range.</summary>
    private Tensor Weights(Tensor map)
    {
        long[] along = _options.NormOverPositions ? [1, 2] : [1];
        var range = map.amax([1, 2], keepdim: true) - map.amin([1, 2], keepdim: true);
        return map / map.square().sum(along, keepdim: true).sqrt().clamp(min: 1e-12) * range;
    }
}
