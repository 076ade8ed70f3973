using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>PaDiM (Defard et al., ICPR 2021 workshops, arXiv 2011.08785): a Gaussian of the teacher's features at each position.</summary>
public sealed class PadimOptions : FittedOptions
{
    /// <summary>The published settings.</summary>
    public PadimOptions()
    {
    }

    /// <summary>A copy; F# sets properties on it: <c>PadimOptions(options, Channels = 50)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public PadimOptions(PadimOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "padim";

    /// <inheritdoc/>
    public override string DisplayName => "PaDiM";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override bool ScoresFallWithPhotos => true;

    /// <summary>Channels kept of the joined layers, drawn at random; all when there are no more.</summary>
    public int Channels { get; init; } = 100;

    /// <summary>Added to the diagonal of every covariance, which has no full rank when images are few.</summary>
    public double Regularisation { get; init; } = 0.01;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => BackboneCatalog.Names;

    /// <inheritdoc/>
    public override bool Allows(string backbone) => BackboneCatalog.TryFind(backbone) is not null;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, BackboneCatalog.FindAny(Backbone).Levels);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (Channels < 1)
            yield return Wrong(nameof(Channels), Channels, "Give at least 1.");
        if (!(Regularisation > 0))
            yield return Wrong(nameof(Regularisation), Regularisation, "Give a positive number.");
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Warnings()
    {
        if (Tiling is not null)
            yield return new(
                "a position of a tile is compared with the same position of all tiles, which show other places of the part", $"{DisplayName} option {nameof(Tiling)}",
                "Use a method that compares with all positions, such as PatchCore, unless the part looks the same everywhere.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new PadimNetwork(this, teacher, seed);

}
