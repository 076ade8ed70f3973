using System.Text.Json.Serialization;
using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>What the methods share that paste patches of an image at other places of it.</summary>
public abstract class PatchSwapOptions : DistillationOptions
{
    /// <summary>How patches come to their place.</summary>
    public PatchBlending Blending { get; init; }

    /// <summary>Patches pasted at most; each after the first is left out with probability ½.</summary>
    public int Patches { get; init; } = 1;

    /// <summary>Half a patch's height, as a share of the input's.</summary>
    public ExtentBounds PatchRows { get; init; } = new(0.03, 0.4);

    /// <summary>Half a patch's width, as a share of the input's.</summary>
    public ExtentBounds PatchColumns { get; init; } = new(0.03, 0.4);

    /// <summary>The gray level, 0–255, of a plain background, from and to which nothing is pasted; null when the part fills the image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Background { get; init; }

    /// <summary>How far the background may be from its level.</summary>
    public double BackgroundTolerance { get; init; } = 20;

    /// <summary>The share of a patch that the part must exceed, where there is a background.</summary>
    public double MinimalObject { get; init; } = 0.7;

    /// <summary>The share of the patch's part that must come to lie on the part, where there is a background.</summary>
    public double MinimalOverlap { get; init; } = 0.25;

    /// <summary>What is wrong with these.</summary>
    protected IEnumerable<Finding> CheckPatches()
    {
        if (Patches < 1)
            yield return Wrong(nameof(Patches), Patches, "Give at least 1.");
        foreach (var (option, bounds) in new[] { (nameof(PatchRows), PatchRows), (nameof(PatchColumns), PatchColumns) })
            if (!bounds.ArePossible)
                yield return Wrong(option, bounds, $"Give bounds from 0 to {ExtentBounds.Largest}, the lower one first.");
        if (Background is { } level && !(level is >= 0 and <= 255))
            yield return Wrong(nameof(Background), level, "Give a number from 0 to 255, or none.");
        if (!(BackgroundTolerance >= 0))
            yield return Wrong(nameof(BackgroundTolerance), BackgroundTolerance, "Give 0 or more.");
        foreach (var (option, share) in new[] { (nameof(MinimalObject), MinimalObject), (nameof(MinimalOverlap), MinimalOverlap) })
            if (!(share is >= 0 and <= 1))
                yield return Wrong(option, share, "Give a number from 0 to 1.");
    }

    /// <summary>Prepares the pasting of patches of an image.</summary>
    internal PatchSwap SwapOf(RasterImage image)
    {
        PlainBackground? background = Background is { } level ? new(level, BackgroundTolerance) : null;
        return new(image, new(Patches, PatchRows, PatchColumns, background, MinimalObject, MinimalOverlap) { Blending = Blending });
    }
}
