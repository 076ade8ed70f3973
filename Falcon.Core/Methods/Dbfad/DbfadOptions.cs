using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Results;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>DBFAD, distillation-based fabric anomaly detection (Thomine and Snoussi, Textile Research Journal 2024, arXiv 2401.02287): reverse distillation tuned for
/// textures. The defaults are the recipe of the authors' code; <see cref="Repo"/> is that of the DistillationAD collection.</summary>
public sealed record DbfadOptions : DistillationOptions
{
    internal const string MethodName = "dbfad";

    /// <summary>What the student is to restore.</summary>
    internal static readonly BackboneTap[] Taps = [BackboneTap.Pool, BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    /// <summary>The authors' recipe.</summary>
    public DbfadOptions()
    {
        Backbone = "resnet34";
        (Epochs, BatchSize, LearningRate, Beta1, Schedule) = (100, 4, 5e-3, 0.9, RateSchedule.Plateau);
        (ValidationShare, Checkpoint) = (0.3, new CheckpointRule.BestOnNormalValidation());
    }

    /// <summary>The recipe of the DistillationAD collection (method <c>dbfad</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    [JsonIgnore]
    public static DbfadOptions Repo
    {
        get
        {
            var options = new DbfadOptions { Patience = 0, Blur = false };
            options.UseCommonRecipe();
            return options;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => MethodName;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => "DBFAD";

    /// <summary>Epochs without a better validation loss after which training ends; 0 to train to the end.</summary>
    public int Patience { get; set; } = 10;

    /// <summary>Trains and validates on images blurred with a Gaussian of σ 0.8, as published; scoring sees them sharp.</summary>
    public bool Blur { get; set; } = true;

    /// <summary>Leaves the residual connections out ("DG"), for fabrics unseen in training.</summary>
    public bool DomainGeneralisation { get; set; }

    /// <summary>Along what gates sum to 1.</summary>
    public GateAxis GateAxis { get; set; } = GateAxis.Width;

    /// <summary>Weight of SSPCAB's own loss; 0 as published, 0.1 in SSPCAB's paper.</summary>
    public double PredictiveWeight { get; set; }

    /// <summary>Whether the layers' maps count alike; otherwise the deeper, the heavier, as published.</summary>
    public bool EqualLayers { get; set; }

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public DbfadOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override TrainingPlan Plan => base.Plan with { Patience = Patience == 0 ? null : Patience };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => Blur ? new(Pixels: true, []) : ScoringNeeds;

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    private protected override IReadOnlyList<string> Backbones => ["resnet34", "resnet18", BackboneCatalog.Kestrel];

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

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new DbfadTraining(this, (DbfadNetwork)network, images);
}
