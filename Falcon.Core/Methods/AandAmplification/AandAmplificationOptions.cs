using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>The first stage of <see cref="AandOptions">AAND</see>: small modules learn from synthetic defects to move the teacher's abnormal features away from
/// normal ones. On its own a detector whose map shows how far features are moved. The defaults are the recipe of the authors' code.</summary>
public sealed class AandAmplificationOptions : AandStageOptions
{
    /// <summary>The authors' recipe.</summary>
    public AandAmplificationOptions() => Epochs = 100;

    /// <summary>A copy; F# sets properties on it: <c>AandAmplificationOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public AandAmplificationOptions(AandAmplificationOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "aand-amplification";

    /// <inheritdoc/>
    public override string DisplayName => "AAND amplification";

    /// <inheritdoc/>
    public override bool RunsTeacher => true;

    /// <inheritdoc/>
    public override string? FurtherImages => Textures.Length > 0 ? Textures : null;

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(
        Pixels: true, [], Foreground == ForegroundShape.Everything ? null : new ForegroundPreparation(Foreground, ForegroundLevel, Preprocessing with { Tiling = null }));

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new AandAmplificationNetwork(this, teacher, seed);
}
