using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>SingleNet's student, which sees one layer of the teacher (specification, sections 3 and 6).</summary>
internal sealed partial class SingleNetNetwork : AnomalyNetwork
{
    private const int FilterPasses = 2;

    private readonly SingleNetOptions _options;

    public SingleNetNetwork(SingleNetOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Student = new(teacher.Architecture.Channels(SingleNetOptions.Tap), options.OrthonormalFourier);
        InitialWeights.PyTorch(Student, seed, "student");
    }

    public SingleNetStudent Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("student", Student)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new SingleNetTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var teacher = input.Features[SingleNetOptions.Tap];
        var distance = FeatureDistance.OfUnits(Filtered(teacher), Filtered(Student.call(teacher))) / 2;
        var map = DistanceMaps.WeightedSum([distance], _options.InputSize);
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>Half the squared distance of unit vectors without the filter, (N, h, w).</summary>
    public Tensor Distance(TeacherFeatures features) =>
        FeatureDistance.OfUnits(features[SingleNetOptions.Tap], Student.call(features[SingleNetOptions.Tap])) / 2;

    private Tensor Filtered(Tensor features) =>
        _options.FilterCutoff == 0 ? features : LowPassFilter.Of(features, _options.FilterCutoff, FilterPasses, _options.AbsoluteFilter);
}
