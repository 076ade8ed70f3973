using System.Globalization;

namespace Falcon.Detection;

/// <summary>How large a region must be to count. As text: <c>25</c> (pixels) or <c>0.1%</c> (of the image).</summary>
/// <param name="Value">Pixels, or percent of the image.</param>
/// <param name="IsPercent">Whether it is percent.</param>
public readonly record struct SmallestArea(double Value, bool IsPercent)
{
    /// <summary>At least so many pixels.</summary>
    public static SmallestArea Pixels(int count) => new(count, false);

    /// <summary>At least so many percent of the image's pixels.</summary>
    public static SmallestArea Percent(double share) => new(share, true);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">It is no number of pixels and no share of an image.</exception>
    public static SmallestArea Parse(string text)
    {
        var percent = text.TrimEnd().EndsWith('%');
        return double.TryParse(percent ? text.TrimEnd()[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= 0 && (percent ? value <= 100 : double.IsInteger(value))
            ? new(value, percent)
            : throw new InvalidInputException($"'{text}' is no area", "smallest area", "Give a number of pixels, for example 25, or a share of the image, for example 0.1%.");
    }

    /// <summary>Whether a region is large enough.</summary>
    /// <param name="area">Its pixels.</param>
    /// <param name="image">The image's pixels.</param>
    internal bool Admits(int area, int image) => area >= (IsPercent ? Value / 100 * image : Value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsPercent ? "%" : "")}");
}
