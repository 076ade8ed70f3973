using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>AnomalyDINO (Damm et al., WACV 2025, arXiv 2405.14529): the cosine distance of each patch of a frozen DINOv2 to the nearest of the good images' patches.</summary>
public sealed class AnomalyDinoOptions : FittedOptions
{
    /// <summary>The authors' settings for an unknown object: ViT-S/14, 448×448, good images turned, no background masked.</summary>
    public AnomalyDinoOptions() => InputSize = 448;

    /// <summary>A copy; F# sets properties on it: <c>AnomalyDinoOptions(options, Rotations = 1)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public AnomalyDinoOptions(AnomalyDinoOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "anomalydino";

    /// <inheritdoc/>
    public override string DisplayName => "AnomalyDINO";

    /// <summary>In how many directions each good image is remembered, at equal angles; 1 for as it is. More than 1 runs the teacher on the turned images.</summary>
    public int Rotations { get; init; } = 8;

    /// <summary>Whether patches of a test image's background count as good: those that its first principal component tells from the foreground. For objects that
    /// stand out from their background and take up the image's middle; the authors use it for <see cref="ForCategory"/>'s.</summary>
    public bool Masking { get; init; }

    /// <summary>What the first principal component of a foreground patch exceeds.</summary>
    public double MaskThreshold { get; init; } = 10;

    /// <summary>Nearest good patches whose mean distance counts.</summary>
    public int Neighbours { get; init; } = 1;

    /// <summary>The share of an image's patches, in (0, 1], whose mean distance is its score: those that are furthest.</summary>
    public double ScoreShare { get; init; } = 0.01;

    /// <inheritdoc/>
    public override bool RunsTeacher => Rotations > 1;

    /// <inheritdoc/>
    public override ImageScoreReducer ImageScore => new ImageScoreReducer.Own();

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => base.Preprocessing with { Filter = ResizeFilter.Bicubic };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones =>
        [.. TransformerArchitecture.Published.OrderByDescending(known => known.Family == TransformerFamily.DinoV2).Select(known => known.Name)];

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds with { Pixels = Rotations > 1 };

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, [BackboneTap.Patches]);

    /// <summary>The authors' settings for a category of MVTec AD or VisA, masked or not; the defaults for an unknown one.</summary>
    public static AnomalyDinoOptions ForCategory(string category) => new() { Masking = AnomalyDinoCategories.Masked.Contains(category) };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (Rotations is < 1 or > 360)
            yield return Wrong(nameof(Rotations), Rotations, "Give a number from 1 to 360.");
        if (Neighbours < 1)
            yield return Wrong(nameof(Neighbours), Neighbours, "Give at least 1.");
        if (Masking && Tiling is not null)
            yield return Wrong(nameof(Masking), Masking, $"A tile does not show what the background is: leave it away, or {nameof(Tiling)}.");
        if (!double.IsFinite(MaskThreshold))
            yield return Wrong(nameof(MaskThreshold), MaskThreshold, "Give a finite number.");
        if (!(ScoreShare is > 0 and <= 1))
            yield return Wrong(nameof(ScoreShare), ScoreShare, "Give a number above 0, at most 1.");
    }

    /// <inheritdoc/>
    public override bool Allows(string backbone) => TransformerArchitecture.TryFind(backbone) is not null;

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new AnomalyDinoNetwork(this, teacher);
}
