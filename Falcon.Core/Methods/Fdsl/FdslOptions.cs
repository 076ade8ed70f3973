using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>FDSL (2025): how the features of CLIP's image tower differ from those of the most alike patch of a few good images, judged by a head that has learnt on
/// another data set what defects look like. Nothing is trained for a category.</summary>
public sealed class FdslOptions : MethodOptions
{
    /// <summary>The published settings, with a head that learns from MVTec AD.</summary>
    public FdslOptions()
    {
    }

    /// <summary>A copy; F# sets properties on it: <c>FdslOptions(options, Windows = LocalWindowUse.None)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public FdslOptions(FdslOptions original) => Copy(original);

    /// <summary>The published settings with a head that learns from VisA: 11 epochs, and images that are cut.</summary>
    public static FdslOptions HeadOfVisa => new() { HeadEpochs = 11, Augmentation = DefectAugmentation.Crop };

    /// <inheritdoc/>
    public override string Name => "fdsl";

    /// <inheritdoc/>
    public override string DisplayName => "FDSL";

    /// <summary>None: nothing is trained for a category.</summary>
    [JsonIgnore]
    public override int Epochs { get; init; }

    /// <summary>Without effect.</summary>
    [JsonIgnore]
    public override int BatchSize { get; init; } = 1;

    /// <summary>Size of the input in pixels, multiples of the tower's patch.</summary>
    public InputSize InputSize { get; init; } = 518;

    /// <summary>What an image is judged by.</summary>
    public LocalWindowUse Windows { get; init; }

    /// <summary>Patches of a window's side.</summary>
    public int WindowPatches { get; init; } = 13;

    /// <summary>Patches from one window to the next.</summary>
    public int WindowStride { get; init; } = 2;

    /// <summary>The windows' share in map and score where both are used, in [0, 1].</summary>
    public double WindowWeight { get; init; } = 0.5;

    /// <summary>Compares the windows of an image only with those windows of normal images that are most like one of them as a whole.</summary>
    public bool ImageIndex { get; init; }

    /// <summary>The shorter side of the map in pixels.</summary>
    public int MapSide { get; init; } = 240;

    /// <summary>Keeps the patches of normal images in half precision.</summary>
    public bool HalfMemory { get; init; }

    /// <summary>Whether the probabilities of patches are weighed by those around them (NAM), in the head and in judging.</summary>
    public bool NeighbourAggregation { get; init; } = true;

    /// <summary>Passes of the head over the auxiliary data set.</summary>
    public int HeadEpochs { get; init; } = 5;

    /// <summary>Images per step of the head.</summary>
    public int HeadBatchSize { get; init; } = 8;

    /// <summary>The head's learning rate.</summary>
    public double HeadLearningRate { get; init; } = 1e-3;

    /// <summary>How the images that the head learns from are varied.</summary>
    public DefectAugmentation Augmentation { get; init; } = DefectAugmentation.Mosaic;

    /// <summary>Normal images of each category of the auxiliary data set.</summary>
    public int HeadNormals { get; init; } = 10;

    /// <summary>A file with a trained head, for example the published code's, which then is not trained; empty for none.</summary>
    public string HeadWeights { get; init; } = "";

    /// <inheritdoc/>
    public override string? FurtherFile => HeadWeights.Length > 0 ? HeadWeights : null;

    /// <inheritdoc/>
    public override MethodOptions? Foundation => HeadWeights.Length > 0 ? null : Head;

    private FdslHeadOptions Head => new()
    {
        Backbone = Backbone,
        InputSize = InputSize,
        Epochs = HeadEpochs,
        BatchSize = HeadBatchSize,
        LearningRate = HeadLearningRate,
        Augmentation = Augmentation,
        Normals = HeadNormals,
        NeighbourAggregation = NeighbourAggregation,
        HalfMemory = HalfMemory,
    };

    /// <inheritdoc/>
    public override MethodOptions BuiltOn(MethodOptions foundation) => foundation is not FdslHeadOptions head ? base.BuiltOn(foundation) : new FdslOptions(this)
    {
        Backbone = head.Backbone,
        InputSize = head.InputSize,
        HeadEpochs = head.Epochs,
        HeadBatchSize = head.BatchSize,
        HeadLearningRate = head.LearningRate,
        Augmentation = head.Augmentation,
        HeadNormals = head.Normals,
        NeighbourAggregation = head.NeighbourAggregation,
        HalfMemory = head.HalfMemory,
    };

    /// <inheritdoc/>
    public override ImageScoreReducer ImageScore => new ImageScoreReducer.Own();

    /// <inheritdoc/>
    public override bool RunsTeacher => Cuts;

    /// <summary>Whether windows are cut and seen by the tower.</summary>
    internal bool Cuts => Windows != LocalWindowUse.None && Grid is var (rows, columns) && Math.Min(rows, columns) >= WindowPatches;

    /// <summary>Patches of the input from top to bottom and from left to right.</summary>
    internal (int Rows, int Columns) Grid => (InputSize.Height / Patch, InputSize.Width / Patch);

    /// <summary>Pixels of a patch's side.</summary>
    internal int Patch => ClipTower.Find(Backbone).PatchSize;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ClipTower.Names;

    /// <inheritdoc/>
    public override bool Allows(string backbone) => ClipTower.TryFind(backbone) is not null;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => ClipTower.Preprocessing(InputSize) with { Tiling = Tiling, RegionOfInterest = RegionOfInterest, WhiteLevel = WhiteLevel };

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: Cuts, ClipTower.Taps(Backbone));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!Allows(Backbone))
            yield break;
        if (!InputSize.IsMultipleOf(Patch, least: 2 * Patch))
            yield return Wrong(nameof(InputSize), InputSize, $"Give multiples of {Patch}, at least {2 * Patch}.");
        if (Epochs != 0)
            yield return Wrong(nameof(Epochs), Epochs, $"Nothing is trained for a category: leave it at 0, and set {nameof(HeadEpochs)}.");
        if (WindowPatches < 1)
            yield return Wrong(nameof(WindowPatches), WindowPatches, "Give at least 1.");
        if (WindowStride < 1 || WindowStride > WindowPatches)
            yield return Wrong(nameof(WindowStride), WindowStride, $"Give a number from 1 to {WindowPatches}: windows must cover the image.");
        if (!(WindowWeight is >= 0 and <= 1))
            yield return Wrong(nameof(WindowWeight), WindowWeight, "Give a number from 0 to 1.");
        if (ImageIndex && Windows == LocalWindowUse.None)
            yield return Wrong(nameof(ImageIndex), ImageIndex, "Only windows are looked up: use some, or leave it away.");
        if (MapSide < 1)
            yield return Wrong(nameof(MapSide), MapSide, "Give at least 1.");
        if (HeadWeights.Length > 0 && !File.Exists(HeadWeights))
            yield return Wrong(nameof(HeadWeights), HeadWeights, "Give a file: a PyTorch checkpoint or safetensors.");
        foreach (var finding in Head.Check().Where(finding => !finding.Where.EndsWith(nameof(InputSize), StringComparison.Ordinal)))
            yield return finding;
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Warnings()
    {
        if (Windows != LocalWindowUse.None && !Cuts)
            yield return new(
                $"a window of {WindowPatches} patches is larger than the image: windows are left out", $"{DisplayName} option {nameof(WindowPatches)}",
                $"Give at most {Math.Min(Grid.Rows, Grid.Columns)}, a larger input, or {nameof(Windows)}={nameof(LocalWindowUse.None)}.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new FdslNetwork(this, teacher, seed);
}
