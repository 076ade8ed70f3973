using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Protocol;

namespace Falcon.Methods;

/// <summary>What the methods share that take no gradient steps: they look at all training images once and keep statistics or samples of their features.</summary>
public abstract class FittedOptions : MethodOptions
{
    private const int UsualSide = 256;

    private InputSize? _inputSize;

    /// <summary>None: these methods do not pass over the images in batches.</summary>
    [JsonIgnore]
    public override int Epochs { get; init; }

    /// <summary>Without effect.</summary>
    [JsonIgnore]
    public override int BatchSize { get; init; } = 1;

    /// <summary>Size of the input in pixels: where it is not set 256, or the nearest side that the patches of the teacher divide.</summary>
    public InputSize InputSize
    {
        get => _inputSize ?? Architecture?.NearestInput(UsualSide) ?? UsualSide;
        init => _inputSize = value;
    }

    /// <summary>Resizes images to so many pixels of their shorter side and cuts the input from the middle, which shows no distortion and not all of an oblong
    /// image; null resizes the whole image to the input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ShorterSide { get; init; }

    /// <summary>Standard deviation of the map's smoothing in pixels of the input; 0 for none.</summary>
    public double SmoothingSigma { get; init; } = 4;

    /// <inheritdoc/>
    public override MapSmoothing MapSmoothing => SmoothingSigma > 0 ? new MapSmoothing.Gaussian(SmoothingSigma) : new MapSmoothing.None();

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => Preprocessing.To(
        InputSize, shorterSide: ShorterSide, statistics: Architecture?.Statistics ?? PixelStatistics.ImageNet, tiling: Tiling,
        regionOfInterest: RegionOfInterest, whiteLevel: WhiteLevel);

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (Architecture?.InputUnit is { } unit && !InputSize.IsMultipleOf(unit, least: unit))
            yield return Wrong(nameof(InputSize), InputSize, $"Give multiples of {unit}, at least {unit}.");
        if (ShorterSide < InputSize.Longer)
            yield return Wrong(nameof(ShorterSide), ShorterSide, $"Give at least {InputSize.Longer}, or leave it away to show whole images.");
        if (Epochs != 0)
            yield return Wrong(nameof(Epochs), Epochs, $"{DisplayName} takes no passes over the images: leave it at 0.");
        if (!(SmoothingSigma >= 0 && SmoothingSigma <= InputSize.Longer))
            yield return Wrong(nameof(SmoothingSigma), SmoothingSigma, $"Give a number from 0 to {InputSize.Longer}.");
    }

    /// <summary>What is known of the teacher; null where the name is none.</summary>
    private BackboneArchitecture? Architecture => BackboneCatalog.TryFind(Backbone);
}
