using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Data;

/// <summary>The size of a network's input in pixels. As text <c>256</c> for a square, else width × height: <c>384x256</c>. A number stands for a square.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
[JsonConverter(typeof(InputSizeJsonConverter))]
public readonly record struct InputSize(int Width, int Height)
{
    /// <summary>The shorter side.</summary>
    public int Shorter => Math.Min(Width, Height);

    /// <summary>The longer side.</summary>
    public int Longer => Math.Max(Width, Height);

    /// <summary>Whether both sides are equal.</summary>
    public bool IsSquare => Width == Height;

    /// <summary>A square.</summary>
    /// <param name="side">Its side in pixels.</param>
    public static InputSize Square(int side) => new(side, side);

    /// <inheritdoc cref="Square"/>
    public static implicit operator InputSize(int side) => Square(side);

    /// <summary>Whether both sides are multiples of a number of pixels, and at least another one.</summary>
    public bool IsMultipleOf(int unit, int least) => Shorter >= least && Width % unit == 0 && Height % unit == 0;

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">It is no size.</exception>
    public static InputSize Parse(string text) => text.Split('x') is { Length: 1 or 2 } sides && Side(sides[0]) is { } width && Side(sides[^1]) is { } height
        ? new(width, height)
        : throw new InvalidInputException("is no input size", text, "Write SIDE for a square or WIDTHxHEIGHT, in pixels: 256 or 384x256.");

    /// <inheritdoc/>
    public override string ToString() => IsSquare ? Width.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    private static int? Side(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side > 0 ? side : null;
}
