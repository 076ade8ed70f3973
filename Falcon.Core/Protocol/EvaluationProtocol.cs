using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>How a number was obtained. Two numbers may stand under one heading only when their protocols are equal.</summary>
/// <param name="Shots">How many normal training images.</param>
/// <param name="Sampler">How they were chosen, for example <c>first k of a seeded permutation</c>.</param>
/// <param name="Checkpoint">Which of the weights seen in training were evaluated.</param>
/// <param name="ImageScore">How a map became the score of its image.</param>
/// <param name="EvaluationSize">The size at which maps met masks.</param>
/// <param name="Lineage">Whose choice of training images the sampler repeats, for example <c>PyTorch's randperm, as the public code of FALCON</c>; null when
/// it repeats nobody's or that was not recorded.</param>
/// <param name="Smoothing">How maps were smoothed before they were scored; null when that was not recorded.</param>
/// <param name="MaskThreshold">Which gray values of a mask mean defect; null when there were no masks or that was not recorded.</param>
/// <param name="Repeats">Whether an image may have been chosen twice: then there may be fewer images than shots.</param>
/// <param name="FeatureStages">The names of what the study computed of features before the method read them; null for nothing.</param>
/// <param name="ScoreStages">The names of what it computed of maps and scores before they were measured; null for nothing.</param>
/// <param name="Auxiliary">The data set on whose defects the method was trained once; null for none.</param>
/// <param name="RegionOfInterest">What was looked at of photos without a region of their own; null for all of them.</param>
/// <param name="Choice">How the method's options were chosen, where a search has chosen them; null for none.</param>
public sealed record EvaluationProtocol(
    ShotCount Shots,
    string Sampler,
    CheckpointRule Checkpoint,
    ImageScoreReducer ImageScore,
    EvaluationSize EvaluationSize,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Lineage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MapSmoothing? Smoothing = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MaskThreshold? MaskThreshold = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Repeats = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FeatureStages = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ScoreStages = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Auxiliary = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RegionOfInterest? RegionOfInterest = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Choice = null)
{
    /// <summary>The protocol in one line, without the number of shots, which tables show in their headings.</summary>
    public string Line => string.Join("; ", Parts);

    /// <inheritdoc/>
    public override string ToString() => $"{Shots} {Line}";

    /// <summary>The same where masks are read in this way; null for no masks.</summary>
    public EvaluationProtocol WithMasks(MaskThreshold? threshold) => this with { MaskThreshold = threshold };

    private IEnumerable<string> Parts
    {
        get
        {
            yield return $"training images: {Sampler}{(Lineage is null ? "" : $" ({Lineage})")}";
            if (Auxiliary is not null)
                yield return $"defects learnt from: {Auxiliary}";
            if (RegionOfInterest is { } region)
                yield return string.Create(CultureInfo.InvariantCulture, $"looked at: {100.0 * region.Area / ((long)region.Width * region.Height):0.#} % of each photo");
            if (Choice is not null)
                yield return $"options chosen: {Choice}";
            yield return $"checkpoint: {Checkpoint.Description}";
            if (FeatureStages is not null || ScoreStages is not null)
                yield return $"processing: {string.Join(", ", new[] { FeatureStages is null ? null : $"features {FeatureStages}", ScoreStages is null ? null : $"scores {ScoreStages}" }.OfType<string>())}";
            if (Smoothing is not null)
                yield return Smoothing.Description;
            yield return $"image score: {ImageScore.Description}";
            yield return $"maps at {EvaluationSize.Description}";
            if (MaskThreshold is not null)
                yield return $"defective mask pixels: {Described(MaskThreshold)}";
        }
    }

    private static string Described(MaskThreshold threshold) =>
        threshold.Level is { } level ? $"above {level}" : "above 127 in masks of black and white, above 0 in others";
}
