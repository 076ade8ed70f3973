using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>How anomaly maps are smoothed before they are scored. As text: <c>none</c>, <c>gaussian:4</c>, <c>gaussianRows:4</c> (standard deviation in pixels).</summary>
[JsonConverter(typeof(TextValueJsonConverter<MapSmoothing>))]
public abstract record MapSmoothing : ITextValue<MapSmoothing>
{
    private const string GaussianPrefix = "gaussian:", RowsPrefix = "gaussianRows:";

    private MapSmoothing()
    {
    }

    /// <summary>What is printed under a table.</summary>
    public abstract string Description { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">There is no such smoothing.</exception>
    public static MapSmoothing Parse(string text)
    {
        if (text == "none")
            return new None();
        if (Deviation(text, GaussianPrefix) is { } sigma)
            return new Gaussian(sigma);
        return Deviation(text, RowsPrefix) is { } along
            ? new GaussianRows(along)
            : throw new InvalidInputException("there is no such smoothing", text, "Use none, gaussian:SIGMA or gaussianRows:SIGMA.");
    }

    private static double? Deviation(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var sigma) && sigma > 0
            ? sigma
            : null;

    /// <summary>Maps are scored as they are.</summary>
    public sealed record None : MapSmoothing
    {
        /// <inheritdoc/>
        public override string Description => "no smoothing";

        /// <inheritdoc/>
        public override string ToString() => "none";
    }

    /// <summary>Convolution with a Gaussian.</summary>
    /// <param name="Sigma">The standard deviation in pixels of the map that is scored, above 0.</param>
    public sealed record Gaussian(double Sigma) : MapSmoothing
    {
        /// <inheritdoc/>
        public override string Description => string.Create(CultureInfo.InvariantCulture, $"Gaussian smoothing, σ = {Sigma}");

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{GaussianPrefix}{Sigma}");
    }

    /// <summary>Convolution of each row with a Gaussian, as public codes do by mistake when a batch holds one image.</summary>
    /// <param name="Sigma">The standard deviation in pixels of the map that is scored, above 0.</param>
    public sealed record GaussianRows(double Sigma) : MapSmoothing
    {
        /// <inheritdoc/>
        public override string Description => string.Create(CultureInfo.InvariantCulture, $"Gaussian smoothing along rows, σ = {Sigma}");

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RowsPrefix}{Sigma}");
    }
}
