using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Results;

/// <summary>How an anomaly map becomes the score of its image. As text: <c>max</c>, <c>topMean:1</c> (percent), <c>pooledMax:8</c> (pixels).</summary>
[JsonConverter(typeof(TextValueJsonConverter<ImageScoreReducer>))]
public abstract record ImageScoreReducer : ITextValue<ImageScoreReducer>
{
    private const string TopMeanPrefix = "topMean:";
    private const string PooledPrefix = "pooledMax:";

    private ImageScoreReducer()
    {
    }

    /// <summary>What is printed under a table.</summary>
    public abstract string Description { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">There is no such reducer.</exception>
    public static ImageScoreReducer Parse(string text)
    {
        if (text == "max")
            return new Maximum();
        if (text.StartsWith(TopMeanPrefix, StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(TopMeanPrefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100)
            return new TopMean(percent);
        if (text.StartsWith(PooledPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(PooledPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var window)
            && window > 0)
            return new PooledMaximum(window);
        throw new InvalidInputException("there is no such image score", text, "Use max, topMean:PERCENT or pooledMax:PIXELS.");
    }

    /// <summary>The largest value of the map.</summary>
    public sealed record Maximum : ImageScoreReducer
    {
        /// <inheritdoc/>
        public override string Description => "maximum of the map";

        /// <inheritdoc/>
        public override string ToString() => "max";
    }

    /// <summary>The mean of the largest values of the map.</summary>
    /// <param name="Percent">How many of the pixels, in (0, 100].</param>
    public sealed record TopMean(double Percent) : ImageScoreReducer
    {
        /// <inheritdoc/>
        public override string Description => string.Create(CultureInfo.InvariantCulture, $"mean of the top {Percent} % of the map");

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TopMeanPrefix}{Percent}");
    }

    /// <summary>The largest value after average pooling with stride 1.</summary>
    /// <param name="Window">Side of the pooling window in pixels.</param>
    public sealed record PooledMaximum(int Window) : ImageScoreReducer
    {
        /// <inheritdoc/>
        public override string Description => $"maximum of the map averaged over {Window}×{Window} pixels";

        /// <inheritdoc/>
        public override string ToString() => $"{PooledPrefix}{Window}";
    }
}
