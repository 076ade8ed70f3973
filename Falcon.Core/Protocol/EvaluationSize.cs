using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>The size at which anomaly maps meet masks. As text: <c>original</c> or <c>256x256</c> (width × height).</summary>
[JsonConverter(typeof(TextValueJsonConverter<EvaluationSize>))]
public sealed record EvaluationSize : ITextValue<EvaluationSize>
{
    private readonly int _width, _height;

    private EvaluationSize(int width, int height) => (_width, _height) = (width, height);

    /// <summary>Every map is enlarged to its own image.</summary>
    public static EvaluationSize Original { get; } = new(0, 0);

    /// <summary>Width and height of maps and masks for an image of some size.</summary>
    public (int Width, int Height) For(int imageWidth, int imageHeight) => this == Original ? (imageWidth, imageHeight) : (_width, _height);

    /// <summary>What is printed under a table.</summary>
    public string Description => this == Original ? "original image size" : $"{_width}×{_height}";

    /// <summary>Maps and masks are resized to one size.</summary>
    public static EvaluationSize Of(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new EvaluationSize(width, height);
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">It is no size.</exception>
    public static EvaluationSize Parse(string text)
    {
        if (text == "original")
            return Original;
        var sides = text.Split('x');
        return sides.Length == 2 && Side(sides[0]) is { } width && Side(sides[1]) is { } height
            ? Of(width, height)
            : throw new InvalidInputException("is no evaluation size", text, "Use original or WIDTHxHEIGHT.");
    }

    /// <inheritdoc/>
    public override string ToString() => this == Original ? "original" : $"{_width}x{_height}";

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side > 0 ? side : null;
}
