using Falcon.Backbones;
using Falcon.Onnx;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>DBFAD, distillation-based fabric anomaly detection (Thomine and Snoussi, Textile Research Journal 2024, arXiv 2401.02287): reverse distillation tuned for
/// textures. The defaults are the recipe of the authors' code; <see cref="DistillationAdRecipe"/> is that of the DistillationAD collection.</summary>
public sealed class DbfadOptions : DistillationOptions
{
    /// <summary>What the student is to restore.</summary>
    internal static readonly BackboneTap[] Taps = [BackboneTap.Pool, BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    /// <summary>The authors' recipe.</summary>
    public DbfadOptions()
    {
        PublishedBackbone = "resnet34";
        (Epochs, BatchSize, LearningRate, Beta1, Schedule) = (100, 4, 5e-3, 0.9, RateSchedule.Plateau);
        (ValidationShare, Checkpoint) = (0.3, new CheckpointRule.BestOnNormalValidation());
    }

    /// <summary>A copy; F# sets properties on it: <c>DbfadOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public DbfadOptions(DbfadOptions original) => Copy(original);

    /// <summary>The recipe of the DistillationAD collection (method <c>dbfad</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    public static DbfadOptions DistillationAdRecipe => new()
    {
        CommonRecipe = true,
        Patience = 0,
        Blur = false,
    };

    /// <inheritdoc/>
    public override string Name => "dbfad";

    /// <inheritdoc/>
    public override string DisplayName => "DBFAD";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>Epochs without a better validation loss after which training ends; 0 to train to the end.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Trains and validates on images blurred with a Gaussian of σ 0.8, as published; scoring sees them sharp.</summary>
    public bool Blur { get; init; } = true;

    /// <summary>Leaves the residual connections out ("DG"), for fabrics unseen in training.</summary>
    public bool DomainGeneralisation { get; init; }

    /// <summary>Along what gates sum to 1.</summary>
    public GateAxis GateAxis { get; init; } = GateAxis.Width;

    /// <summary>Weight of SSPCAB's own loss; 0 as published, 0.1 in SSPCAB's paper.</summary>
    public double PredictiveWeight { get; init; }

    /// <summary>Whether the layers' maps count alike; otherwise the deeper, the heavier, as published.</summary>
    public bool EqualLayers { get; init; }

    /// <inheritdoc/>
    public override TrainingPlan Plan => base.Plan with { Patience = Patience == 0 ? null : Patience };

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => Blur ? new(Pixels: true, []) : ScoringNeeds;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    public override bool RunsTeacher => Blur;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["resnet34", "resnet18", BackboneCatalog.Compact];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (Patience < 0)
            yield return Wrong(nameof(Patience), Patience, "Give 0 or more.");
        if (!(PredictiveWeight >= 0))
            yield return Wrong(nameof(PredictiveWeight), PredictiveWeight, "Give 0 or more.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new DbfadNetwork(this, teacher, seed);

}

/// <summary>Along what the weights of DBFAD's gates and of its attention sum to 1.</summary>
public enum GateAxis
{
    /// <summary>Each row, as published; the values then depend on the width of the image.</summary>
    Width,

    /// <summary>All positions.</summary>
    Positions,

    /// <summary>The channels.</summary>
    Channels,
}

/// <summary>What <see cref="GateAxis"/> computes.</summary>
internal static class GateAxisSoftmax
{
    /// <summary>Softmax of (N, C, h, w).</summary>
    public static TorchSharp.torch.Tensor Softmax(this GateAxis axis, TorchSharp.torch.Tensor x) => axis switch
    {
        GateAxis.Positions => x.flatten(2).softmax(2).reshape(x.shape),
        GateAxis.Channels => x.softmax(1),
        _ => x.softmax(3),
    };

    /// <summary>As above, in a graph.</summary>
    public static OnnxValue Softmax(this GateAxis axis, OnnxValue x) => axis switch
    {
        GateAxis.Positions => x.Reshape(x.Shape[0], x.Shape[1], -1).Softmax(2).Reshape(x.Shape),
        GateAxis.Channels => x.Softmax(1),
        _ => x.Softmax(3),
    };
}
