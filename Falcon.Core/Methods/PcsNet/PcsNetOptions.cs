using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>PCSNet, prototypical learning guided context-aware segmentation (Jiang, Cao and Shen, IEEE TNNLS 2024, arXiv 2512.15319): frozen features are adapted so that
/// good positions lie near prototypes, and a pyramid learns from pasted patches to make maps of the distances. The defaults are the recipe of the authors' code with the
/// patches of a category that it does not know; <see cref="ForCategory"/> has its categories.</summary>
public sealed class PcsNetOptions : PatchSwapOptions
{
    /// <summary>What is adapted.</summary>
    internal static readonly BackboneTap[] Taps = [BackboneTap.Layer1Sum, BackboneTap.Layer2Sum, BackboneTap.Layer3Sum];

    /// <summary>The authors' recipe.</summary>
    public PcsNetOptions()
    {
        PublishedBackbone = "wide_resnet50_2";
        (InputSize, ShorterSide, Resizing) = (224, 256, ResizeFilter.Lanczos);
        (Epochs, BatchSize, LearningRate, Beta1, WeightDecay) = (50, 2, 1e-3, 0.9, 1e-5);
    }

    /// <summary>A copy; F# sets properties on it: <c>PcsNetOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public PcsNetOptions(PcsNetOptions original) => Copy(original);

    /// <summary>The authors' recipe with their patches for a category of MVTec AD or MPDD; the defaults for any other.</summary>
    /// <param name="category">As the data set's folder is called: <c>metal_nut</c>.</param>
    public static PcsNetOptions ForCategory(string category) => PcsNetCategories.Of(category);

    /// <inheritdoc/>
    public override string Name => "pcsnet";

    /// <inheritdoc/>
    public override string DisplayName => "PCSNet";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override bool RunsTeacher => true;

    /// <summary>Whether parts lie at any angle: features are squeezed to half their channels first.</summary>
    public bool Rotating { get; init; }

    /// <summary>Rows and columns of positions that are compared with prototypes, whatever the size of the input.</summary>
    public int Grid { get; init; } = 64;

    /// <summary>How many of the nearest prototypes' distances the segmentation sees; all when there are fewer.</summary>
    public int Neighbours { get; init; } = 200;

    /// <summary>The channels that the segmentation reads, the first so many, and its own; null for half of the teacher's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SegmentationChannels { get; init; }

    /// <summary>Rows and columns of the segmentation's pyramid.</summary>
    public PyramidBins Bins { get; init; } = new(60, 30, 15, 8);

    /// <summary>The learning rate of the segmentation; <see cref="DistillationOptions.LearningRate"/> is that of descriptor and radius.</summary>
    public double SegmentationLearningRate { get; init; } = 1e-4;

    /// <summary>How far beyond the radius pasted positions are to be.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>The weight of the pixel-level disparity loss.</summary>
    public double DisparityWeight { get; init; } = 50;

    /// <summary>The weight of the segmentation's loss.</summary>
    public double SegmentationWeight { get; init; } = 40;

    /// <summary>Which distances of pasted images are pushed away.</summary>
    public AnomalyNeighbours AnomalyNeighbours { get; init; }

    /// <summary>How the teacher's batch norms compute when prototypes are made.</summary>
    public PrototypeStatistics PrototypeStatistics { get; init; }

    /// <summary>After how many epochs prototypes are made again, with the descriptor as it is then; null keeps those of the untrained descriptor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PrototypeEpochs { get; init; }

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: true, Taps);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Compact];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        foreach (var finding in CheckPatches())
            yield return finding;
        foreach (var (option, number) in new[] { (nameof(Grid), Grid), (nameof(Neighbours), Neighbours), (nameof(PrototypeEpochs), PrototypeEpochs ?? 1) })
            if (number < (option == nameof(PrototypeEpochs) ? 1 : PcsNetLosses.Neighbours))
                yield return Wrong(option, number, $"Give at least {(option == nameof(PrototypeEpochs) ? 1 : PcsNetLosses.Neighbours)}.");
        if (SegmentationChannels is { } channels && !(channels >= 1 && (Backbones.Contains(Backbone) ? channels <= Described : true)))
            yield return Wrong(nameof(SegmentationChannels), channels, $"Give a number from 1 to {Described}, or none.");
        if (!Bins.ArePossible)
            yield return Wrong(nameof(Bins), Bins, "Give four numbers, at least 1.");
        if (!(SegmentationLearningRate > 0))
            yield return Wrong(nameof(SegmentationLearningRate), SegmentationLearningRate, "Give a positive number.");
        foreach (var (option, number) in new[] { (nameof(Margin), Margin), (nameof(DisparityWeight), DisparityWeight), (nameof(SegmentationWeight), SegmentationWeight) })
            if (!(number >= 0))
                yield return Wrong(option, number, "Give 0 or more.");
    }

    /// <summary>The channels of a level.</summary>
    internal static int[] Channels(ResNetArchitecture architecture) => Array.ConvertAll(Taps, architecture.Channels);

    /// <summary>The channels of a description.</summary>
    private int Described => Channels(BackboneCatalog.Find(Backbone)).Sum() / (Rotating ? 2 : 1);

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new PcsNetNetwork(this, teacher, seed);
}
