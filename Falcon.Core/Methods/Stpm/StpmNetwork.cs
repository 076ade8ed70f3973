using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>STPM's student, which sees the image itself (specification, sections 3 and 6).</summary>
internal sealed partial class StpmNetwork : AnomalyNetwork
{
    private readonly StpmOptions _options;
    private readonly BackboneTap[] _taps;
    private Lazy<FrozenBackbone>? _frozen;

    public StpmNetwork(StpmOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        (_options, _taps) = (options, options.Layers.Taps());
        Student = new ResNet(teacher.Architecture, _taps[^1]);
        if (!options.PretrainedStudent || !teacher.Start(Student))
            InitialWeights.Torchvision(Student, seed, "student");
    }

    public ResNet Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("student.feature_extractor", Student)];

    /// <summary>The student as it predicts; while it trains there is none. Made at the first use, of the weights that it has then.</summary>
    internal FrozenBackbone? Frozen => _frozen?.Value;

    public override void Train(bool training)
    {
        base.Train(training);
        Forget();
        _frozen = training ? null : new(() => new FrozenBackbone(Student, device: Teacher.Device));
    }

    public override void Dispose()
    {
        Forget();
        base.Dispose();
    }

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new StpmTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var distances = Distances(input);
        var combined = _options.Combination == MapCombination.Product
            ? DistanceMaps.Enlarge(Product(distances), _options.InputSize)
            : DistanceMaps.WeightedSum(distances.Select(distance => distance / 2), _options.InputSize);
        return GaussianSmoothing.Of(combined, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>The distance of student and teacher at each layer, (N, h, w) each.</summary>
    public Tensor[] Distances(NetworkInput input)
    {
        var student = is_grad_enabled() || Frozen is not { } frozen ? Student.call(input.Pixels!, _taps) : frozen.Features(input.Pixels!, _taps);
        return [.. _taps.Select((tap, i) => _options.Normalise
            ? FeatureDistance.OfUnits(input.Features[tap], student[i])
            : FeatureDistance.Squared(input.Features[tap], student[i]))];
    }

    private void Forget()
    {
        if (_frozen is { IsValueCreated: true, Value: var frozen })
            frozen.Dispose();
    }

    /// <summary>The distances brought to the size of the first and multiplied, (N, h, w).</summary>
    public static Tensor Product(IReadOnlyList<Tensor> distances) =>
        distances.Select(distance => DistanceMaps.Enlarge(distance, distances[0].shape[1], distances[0].shape[2])).Aggregate((a, b) => a * b);
}
