using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

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

    /// <summary>The score of a map.</summary>
    /// <param name="values">Row-major, at the size of the image; higher is more anomalous.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public abstract double Of(float[] values, int width, int height);

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
        public override double Of(float[] values, int width, int height) => values.Max();

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
        public override double Of(float[] values, int width, int height)
        {
            float[] sorted = [.. values];
            Array.Sort(sorted);
            var count = Math.Max(1, (int)Math.Round(sorted.Length * Percent / 100));
            return sorted.TakeLast(count).Average(value => (double)value);
        }

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
        public override double Of(float[] values, int width, int height)
        {
            var (across, down) = (Math.Min(Window, width), Math.Min(Window, height));
            // Sums of everything above and left of a place: a window's sum is four of them.
            var sums = new double[height + 1, width + 1];
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    sums[y + 1, x + 1] = values[y * width + x] + sums[y, x + 1] + sums[y + 1, x] - sums[y, x];
            var largest = double.NegativeInfinity;
            for (var y = down; y <= height; y++)
                for (var x = across; x <= width; x++)
                    largest = Math.Max(largest, sums[y, x] - sums[y - down, x] - sums[y, x - across] + sums[y - down, x - across]);
            return largest / (across * down);
        }

        /// <inheritdoc/>
        public override string ToString() => $"{PooledPrefix}{Window}";
    }
}
