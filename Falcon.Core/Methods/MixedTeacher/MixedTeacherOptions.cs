using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>MixedTeacher (Thomine et al., VISAPP 2023, arXiv 2306.09859): two pairs of teacher and student with different backbones, a residual network and
/// EfficientNet-B0, watch the same texture. The defaults are the authors' recipe; <see cref="Repo"/> is that of the DistillationAD collection.</summary>
public sealed record MixedTeacherOptions : DistillationOptions
{
    internal const string MethodName = "mixedteacher";

    /// <summary>The authors' recipe.</summary>
    public MixedTeacherOptions()
    {
        UseCommonRecipe();
        Backbone = $"resnet18{TeacherNetworks.Join}{EfficientNet.B0}";
        (InputSize, Epochs, Beta1) = (256, 100, 0.9);
    }

    /// <summary>The recipe of the DistillationAD collection (method <c>mixed</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    [JsonIgnore]
    public static MixedTeacherOptions Repo
    {
        get
        {
            var options = new MixedTeacherOptions { Form = MixedForm.Repo };
            options.UseCommonRecipe();
            return options;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => MethodName;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => "MixedTeacher";

    /// <summary>Which form: students, layers, training and maps go together.</summary>
    public MixedForm Form { get; set; } = MixedForm.Paper;

    /// <summary>Paper form: divides EfficientNet's map by its length over all positions instead of column by column, as published.</summary>
    public bool NormOverPositions { get; set; }

    /// <summary>Starts students of a teacher's architecture (EfficientNet's in both forms, the residual one in the repo form) from its weights instead of random
    /// ones, as both public codes do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PretrainedStudents { get; set; }

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public MixedTeacherOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: true, [.. ResidualTaps, .. EfficientTaps]);

    internal BackboneTap[] ResidualTaps => Form == MixedForm.Paper ? [BackboneTap.Layer1, BackboneTap.Layer2] : [BackboneTap.Layer2, BackboneTap.Layer3];

    internal BackboneTap[] EfficientTaps => Form == MixedForm.Paper ? [BackboneTap.Stage4, BackboneTap.Stage6] : [BackboneTap.Stage6];

    private protected override IReadOnlyList<string> Backbones => [$"resnet18{TeacherNetworks.Join}{EfficientNet.B0}"];

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new MixedTeacherNetwork(this, teacher, seed);

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new MixedTeacherTraining(this, (MixedTeacherNetwork)network, images);
}
