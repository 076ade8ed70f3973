using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>MixedTeacher (Thomine et al., VISAPP 2023, arXiv 2306.09859): two pairs of teacher and student with different backbones, a residual network and
/// EfficientNet-B0, watch the same texture. The defaults are the authors' recipe; <see cref="DistillationAdRecipe"/> is that of the DistillationAD collection.</summary>
public sealed class MixedTeacherOptions : DistillationOptions
{
    /// <summary>The authors' recipe.</summary>
    public MixedTeacherOptions()
    {
        CommonRecipe = true;
        PublishedBackbone = $"resnet18{TeacherNetworks.Join}{EfficientNet.B0}";
        (InputSize, Epochs, Beta1) = (256, 100, 0.9);
    }

    /// <summary>A copy; F# sets properties on it: <c>MixedTeacherOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public MixedTeacherOptions(MixedTeacherOptions original) => Copy(original);

    /// <summary>The recipe of the DistillationAD collection (method <c>mixed</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    public static MixedTeacherOptions DistillationAdRecipe => new()
    {
        CommonRecipe = true,
        Form = MixedForm.Repo,
    };

    /// <inheritdoc/>
    public override string Name => "mixedteacher";

    /// <inheritdoc/>
    public override string DisplayName => "MixedTeacher";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>Which form: students, layers, training and maps go together.</summary>
    public MixedForm Form { get; init; } = MixedForm.Paper;

    /// <summary>Paper form: divides EfficientNet's map by its length over all positions instead of column by column, as published.</summary>
    public bool NormOverPositions { get; init; }

    /// <summary>Starts students of a teacher's architecture (EfficientNet's in both forms, the residual one in the repo form) from its weights instead of random
    /// ones, as both public codes do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PretrainedStudents { get; init; }

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: true, [.. ResidualTaps, .. EfficientTaps]);

    internal BackboneTap[] ResidualTaps => Form == MixedForm.Paper ? [BackboneTap.Layer1, BackboneTap.Layer2] : [BackboneTap.Layer2, BackboneTap.Layer3];

    internal BackboneTap[] EfficientTaps => Form == MixedForm.Paper ? [BackboneTap.Stage4, BackboneTap.Stage6] : [BackboneTap.Stage6];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => [$"resnet18{TeacherNetworks.Join}{EfficientNet.B0}"];

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new MixedTeacherNetwork(this, teacher, seed);

}

/// <summary>Which form of MixedTeacher.</summary>
public enum MixedForm
{
    /// <summary>As the authors publish it: a reduced residual student of pooled layers, both pairs trained apart, maps multiplied.</summary>
    Paper,

    /// <summary>As in DistillationAD: students of the teachers' architectures, trained together, maps added.</summary>
    Repo,
}
