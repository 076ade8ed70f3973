using System.Globalization;
using System.Text.Json.Serialization;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>Shows a network an image in overlapping tiles of the input's size, so that small defects of large photos keep their pixels. As text: <c>32@0.5</c>, tiles
/// that overlap by 32 pixels of an image at half of its size.</summary>
/// <param name="Overlap">Pixels that neighbouring tiles share, from 0 to below the shorter side of the input; the last ones of a row or column share more, so that they end
/// with the image.</param>
/// <param name="Scale">The size of the image that tiles are cut from as a share of the file's, above 0, at most <see cref="LargestScale"/>.</param>
[JsonConverter(typeof(TextValueJsonConverter<Tiling>))]
public sealed record Tiling(int Overlap, double Scale = 1) : ITextValue<Tiling>
{
    /// <summary>A larger image shows nothing more.</summary>
    public const double LargestScale = 4;

    /// <summary>The overlap where none is stated: an eighth of a tile.</summary>
    /// <param name="side">The shorter side of a tile in pixels.</param>
    public static int UsualOverlap(int side) => side / 8;

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">It is no tiling.</exception>
    public static Tiling Parse(string text)
    {
        var parts = text.Split('@');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var overlap)
            && double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale)
                ? new(overlap, scale)
                : throw new InvalidInputException("is no tiling", text, "Write OVERLAP@SCALE, in pixels and as a share of the photo's size: 32@0.5.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Overlap}@{Scale}");

    /// <summary>The size of the image that tiles are cut from.</summary>
    /// <param name="width">Width of the file's image in pixels.</param>
    /// <param name="height">Height of the file's image in pixels.</param>
    public (int Width, int Height) SizeOf(int width, int height) => (Scaled(width), Scaled(height));

    /// <summary>What is wrong with the values for inputs of a size, and how to mend it; null when they can be used.</summary>
    /// <param name="input">The size of a tile.</param>
    public string? Fault(InputSize input) =>
        Overlap < 0 || Overlap >= input.Shorter ? $"Let tiles overlap by 0 to {input.Shorter - 1} pixels."
        : !(Scale is > 0 and <= LargestScale) ? $"Give a scale above 0, at most {LargestScale}."
        : null;

    private int Scaled(int side) => Math.Max(1, (int)Math.Round(side * Scale));
}
