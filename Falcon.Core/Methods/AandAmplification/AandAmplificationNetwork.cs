using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The amplification alone (specification, sections 3 and 6).</summary>
internal sealed class AandAmplificationNetwork : AnomalyNetwork
{
    private readonly AandAmplificationOptions _options;

    public AandAmplificationNetwork(AandAmplificationOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Amplification = options.AmplificationOf(teacher, seed);
    }

    public AmplifiedLevels Amplification { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [(AandStageOptions.AmplificationPart, Amplification)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) =>
        new AandAmplificationTraining(_options, this, new AmplificationDraws(_options, Teacher, images, seed));

    /// <summary>How far features are moved.</summary>
    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var levels = AandStageOptions.Levels(input.Features);
        return _options.MapOf(Amplification.call(levels), levels).MoveToOuterDisposeScope();
    }
}
