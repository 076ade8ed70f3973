namespace Falcon.Methods;

/// <summary>How patches of an image are swapped within it.</summary>
/// <param name="Patches">How many at most: each after the first is left out with probability ½.</param>
/// <param name="Rows">Half a patch's height, as a share of the image's.</param>
/// <param name="Columns">Half a patch's width, as a share of the image's.</param>
/// <param name="Background">What is not the part; null when the part fills the image.</param>
/// <param name="MinimalObject">The share of a patch that the part must exceed, where there is a background.</param>
/// <param name="MinimalOverlap">The share of the patch's part that must come to lie on the part, where there is a background.</param>
internal sealed record PatchSwapSettings(
    int Patches, ExtentBounds Rows, ExtentBounds Columns, PlainBackground? Background, double MinimalObject, double MinimalOverlap)
{
    /// <summary>How a patch comes to its place.</summary>
    public PatchBlending Blending { get; init; }
}

/// <summary>How a patch comes to its place in an image.</summary>
public enum PatchBlending
{
    /// <summary>Its pixels replace those that are there; before a background, where either is part.</summary>
    Swap,

    /// <summary>The whole block without an edge, by Poisson's equation; one of less than 50 inner pixels is left out.</summary>
    Poisson,
}

/// <summary>Half a patch's extent in one direction, as a share of the image's: the least and the most.</summary>
/// <param name="Low">At least 0.</param>
/// <param name="High">At most <see cref="Largest"/>, so that every patch has a place to go to.</param>
public readonly record struct ExtentBounds(double Low, double High)
{
    /// <summary>The largest possible bound.</summary>
    public const double Largest = 0.45;

    /// <summary>Whether these are bounds.</summary>
    internal bool ArePossible => Low >= 0 && Low <= High && High <= Largest;
}

/// <summary>A background of one gray level.</summary>
/// <param name="Level">The mean of red, green and blue, 0–255.</param>
/// <param name="Tolerance">How far its pixels may be from it.</param>
internal readonly record struct PlainBackground(double Level, double Tolerance);
