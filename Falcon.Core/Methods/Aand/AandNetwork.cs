using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The amplification of the first stage, and reverse distillation's bottleneck and decoder, which restore amplified features (specification, sections 3
/// and 6).</summary>
internal sealed partial class AandNetwork : AnomalyNetwork
{
    private readonly AandOptions _options;

    public AandNetwork(AandOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Amplification = options.AmplificationOf(teacher, seed);
        if (teacher.Form is TransformerArchitecture tower)
        {
            var decoder = new TokenDecoder(tower, options.InputSize);
            decoder.Draw(seed, "student");
            (Bottleneck, Student) = (new TokenBottleneck(tower.Width), decoder);
        }
        else
        {
            (Bottleneck, Student) = (new OneClassBottleneck(teacher.Architecture, narrow: false), new ReverseDecoder(teacher.Architecture));
            InitialWeights.Torchvision(Student, seed, "student");
        }
        InitialWeights.Torchvision(Bottleneck, seed, "bn");
    }

    /// <summary>What the foundation has learnt; it does not train any more.</summary>
    public AmplifiedLevels Amplification { get; }

    public nn.Module<Tensor, Tensor, Tensor, Tensor> Bottleneck { get; }

    public nn.Module<Tensor, Tensor[]> Student { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts =>
        [(AandStageOptions.AmplificationPart, Amplification), ("bn", Bottleneck), ("student", Student)];

    public override void BuildOn(AnomalyNetwork foundation)
    {
        using var frozen = no_grad();
        var learnt = ((AandAmplificationNetwork)foundation).Amplification.state_dict();
        foreach (var (name, value) in Amplification.state_dict())
            value.copy_(learnt[name]);
    }

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new AandTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var advanced = Advanced(input.Features);
        return _options.MapOf(advanced, Restored(advanced)).MoveToOuterDisposeScope();
    }

    /// <summary>The features of the advanced teacher, (N, C, h, w) for each level.</summary>
    public Tensor[] Advanced(TeacherFeatures features) => Amplification.call(AandStageOptions.Levels(features));

    /// <summary>The code of advanced features.</summary>
    public Tensor Code(Tensor[] advanced) => Bottleneck.call(advanced[0], advanced[1], advanced[2]);

    /// <summary>Advanced features, restored from their code.</summary>
    public Tensor[] Restored(Tensor[] advanced) => Student.call(Code(advanced));
}
