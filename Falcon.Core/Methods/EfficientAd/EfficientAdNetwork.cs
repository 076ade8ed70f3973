using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>EfficientAD's student, autoencoder and statistics (specification, sections 3 and 6).</summary>
internal sealed partial class EfficientAdNetwork : AnomalyNetwork
{
    private const int Margin = 4, EnlargedSide = 256;

    private readonly EfficientAdOptions _options;

    public EfficientAdNetwork(EfficientAdOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        const int Channels = PatchDescriptionNetwork.TeacherChannels;
        Student = new(EfficientAdOptions.Size(teacher), options.StudentOnly ? Channels : 2 * Channels);
        Statistics = new(Channels);
        if (!options.StudentOnly)
            Autoencoder = new(options.InputSize);
        foreach (var (prefix, module) in Parts)
            InitialWeights.PyTorch(module, seed, prefix);
    }

    /// <summary>Its first half of channels imitates the teacher, its second half the autoencoder.</summary>
    public PatchDescriptionNetwork Student { get; }

    /// <summary>Null when the student is alone.</summary>
    public EfficientAdAutoencoder? Autoencoder { get; }

    public EfficientAdStatistics Statistics { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts =>
        Autoencoder is null ? [("student", Student)] : [("student", Student), ("ae", Autoencoder), ("statistics", Statistics)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => Autoencoder is null
        ? new EfficientAdLiteTraining(_options, this, images)
        : new EfficientAdTraining(_options, this, images, new EfficientAdDraws(_options, images, seed));

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (Autoencoder is null)
        {
            var map = DistanceMaps.WeightedSum([Elements(input).sum([1])], _options.InputSize);
            return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
        }
        var (student, autoencoder) = Maps(input);
        var combined = Statistics.Combine(student, autoencoder);
        return (_options.NormaliseEnlarged ? combined : Padded(combined)).MoveToOuterDisposeScope();
    }

    /// <summary>The two maps before they are normalised: (N, h, w), or, when the option says so, padded and enlarged.</summary>
    public (Tensor Student, Tensor Autoencoder) Maps(NetworkInput input)
    {
        var halves = Student.Describe(input.Pixels!).chunk(2, 1);
        var teacher = Statistics.call(input.Features[BackboneTap.Patches]);
        return (Finished(Living(teacher - halves[0]).square().mean([1])), Finished(Living(Autoencoder!.call(input.Pixels!) - halves[1]).square().mean([1])));

        Tensor Finished(Tensor map) => _options.NormaliseEnlarged ? DistanceMaps.Enlarge(Padded(map), EnlargedSide) : map;
    }

    /// <summary>Student alone: half the squared differences of all elements, (N, C, h, w).</summary>
    public Tensor Elements(NetworkInput input)
    {
        var (teacher, student) = (input.Features[BackboneTap.Patches], Student.Describe(input.Pixels!));
        return (_options.Normalise ? FeatureDistance.Unit(teacher) - FeatureDistance.Unit(student) : teacher - student).square() / 2;
    }

    /// <summary>How far the student is from the teacher where that is hardest.</summary>
    public Tensor Hard(NetworkInput input) =>
        Hardest(Living(Statistics.call(input.Features[BackboneTap.Patches]) - Student.Describe(input.Pixels!).chunk(2, 1)[0]).square());

    /// <summary>How loud the student is on images that have nothing to do with the task, (N, 3, H, W), normalised.</summary>
    public Tensor Loudness(Tensor penalties) => Living(Student.Describe(penalties).chunk(2, 1)[0]).square().mean();

    /// <summary>The channels that count, of (N, 384, h, w).</summary>
    public Tensor Living(Tensor features) => _options.DropDeadChannels ? Statistics.Living(features) : features;

    /// <summary>The mean of the elements that are not below a quantile: the hardest ones.</summary>
    /// <param name="elements">Of any shape.</param>
    public Tensor Hardest(Tensor elements)
    {
        using var threshold = EfficientAdStatistics.Quantile(elements.detach(), _options.EasyShare);
        var hard = elements.detach().ge(threshold).to(elements.dtype);
        return (elements * hard).sum() / hard.sum();
    }

    private static Tensor Padded(Tensor map) => pad(map, (Margin, Margin, Margin, Margin));
}
