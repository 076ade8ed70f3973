using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>FDSL's head by itself, as it is trained once.</summary>
internal sealed class FdslHeadNetwork : AnomalyNetwork
{
    private readonly FdslHeadOptions _options;

    public FdslHeadNetwork(FdslHeadOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        Head = Fresh(options.Backbone, seed);
    }

    public FdslHead Head { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("head", Head)];

    /// <summary>A head with drawn weights.</summary>
    internal static FdslHead Fresh(string backbone, MasterSeed seed)
    {
        var head = new FdslHead(ClipTower.Taps(backbone).Length, ClipTower.Find(backbone).Width);
        InitialWeights.PyTorch(head, seed, "head");
        return head;
    }

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) =>
        throw new InvalidOperationException("FDSL's head learns from defects, not from good images alone.");

    public override TrainingRun StartTraining(AuxiliaryImages images, MasterSeed seed) => new FdslHeadTraining(_options, this, images, seed);

    public override Tensor Map(NetworkInput input) => throw new InvalidInputException(
        "is a head, which knows no good parts and detects nothing by itself", _options.DisplayName,
        "Make detectors of it: falcon train --method fdsl --foundation HEAD --data PHOTOS --out MODEL.");
}
