using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>PatchCore (Roth et al., CVPR 2022, arXiv 2106.08265): the distance of each patch's features to the nearest of a well-spread sample of good ones.</summary>
public sealed class PatchCoreOptions : FittedOptions
{
    /// <summary>The share of the patches of tiles that takes no longer than the published one of whole images' patches.</summary>
    private const double MostOfTiles = 0.01;

    /// <summary>The published settings.</summary>
    public PatchCoreOptions()
    {
    }

    /// <summary>A copy; F# sets properties on it: <c>PatchCoreOptions(options, Share = 0.25)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public PatchCoreOptions(PatchCoreOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "patchcore";

    /// <inheritdoc/>
    public override string DisplayName => "PatchCore";

    /// <inheritdoc/>
    public override int Version => 4;

    /// <summary>The share of all training patches that is kept, in (0, 1]: with a region of interest as many of those inside, or all of them.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>Dimensions of the random projection in which the sample is chosen (distances to it are exact); 0 for none.</summary>
    public int Projection { get; init; } = 128;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => BackboneCatalog.Names;

    /// <inheritdoc/>
    public override bool Allows(string backbone) => BackboneCatalog.TryFind(backbone) is not null;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, [.. BackboneCatalog.FindAny(Backbone).Levels.Skip(1)]);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!(Share is > 0 and <= 1))
            yield return Wrong(nameof(Share), Share, "Give a number above 0, at most 1.");
        if (Projection < 0)
            yield return Wrong(nameof(Projection), Projection, "Give 0 or more.");
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Warnings()
    {
        if (Tiling is not null && Share > MostOfTiles)
            yield return new(
                "photos in tiles have many times more patches: choosing so many of them, and comparing with them, takes long", $"{DisplayName} option {nameof(Share)}",
                $"Give {MostOfTiles}.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new PatchCoreNetwork(this, teacher, seed);

}
