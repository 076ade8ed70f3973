using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>DBFAD's student, which sees the teacher's features alone (specification, sections 3 and 6).</summary>
internal sealed partial class DbfadNetwork : AnomalyNetwork
{
    private readonly DbfadOptions _options;

    public DbfadNetwork(DbfadOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Student = new(options.GateAxis, options.DomainGeneralisation);
        InitialWeights.Torchvision(Student, seed, "student");
    }

    public DbfadStudent Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("student", Student)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new DbfadTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var distances = Distances(input.Features).Distances;
        var map = _options.EqualLayers
            ? DistanceMaps.Sum(distances, _options.InputSize)
            : DistanceMaps.WeightedSum(distances, _options.InputSize);
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>Half the squared distance of unit vectors for each layer, (N, h, w), and the loss of the predictive block.</summary>
    public (Tensor[] Distances, Tensor PredictiveLoss) Distances(TeacherFeatures features)
    {
        Tensor[] x = [.. DbfadOptions.Taps.Select(tap => features[tap])];
        var (restored, predictive) = Student.Run(x);
        return ([.. x.Zip(restored, (teacher, student) => FeatureDistance.OfUnits(teacher, student) / 2)], predictive);
    }
}
