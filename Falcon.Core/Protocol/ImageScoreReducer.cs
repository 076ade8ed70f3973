using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>How an anomaly map becomes the score of its image. As text: <c>max</c>, <c>topMean:1</c> (percent), <c>pooledMax:8</c> (pixels), <c>own</c> (the
/// method's).</summary>
[JsonConverter(typeof(TextValueJsonConverter<ImageScoreReducer>))]
public abstract class ImageScoreReducer : IEquatable<ImageScoreReducer>, ITextValue<ImageScoreReducer>
{
    private const string TopMeanPrefix = "topMean:", PooledPrefix = "pooledMax:";

    private readonly string _text;

    /// <param name="text">Names it in files and is part of the key under which scores are kept: one that computes otherwise needs another text. Some words that
    /// can stand under a table.</param>
    protected ImageScoreReducer(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new InvalidInputException("an image score has no name", "image score", "Give a few words, as they shall stand under tables.");
        _text = text;
    }

    /// <summary>What is printed under a table.</summary>
    public virtual string Description => _text;

    /// <summary>The score of a map.</summary>
    /// <param name="values">Row-major, at the size of the image; higher is more anomalous.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public abstract double Of(float[] values, int width, int height);

    /// <summary>The score of a map of which only a part was looked at; unless it is said otherwise, as of a whole map.</summary>
    /// <param name="values">As for <see cref="Of"/>; outside they are the lowest of the inside.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="inside">Row by row, 1 for pixels that were looked at, else 0.</param>
    public virtual double Within(float[] values, int width, int height, ReadOnlyMemory<byte> inside) => Of(values, width, height);

    /// <summary>Reads the text form of one that Falcon brings.</summary>
    /// <exception cref="InvalidInputException">There is no such reducer.</exception>
    public static ImageScoreReducer Parse(string text) =>
        TryParse(text) ?? throw new InvalidInputException("there is no such image score", text, "Use max, topMean:PERCENT, pooledMax:PIXELS, or own for a method that scores images itself.");

    /// <summary>Reads the text form as results have it; of one that this program does not know no more than the text is known.</summary>
    static ImageScoreReducer ITextValue<ImageScoreReducer>.Parse(string text) => TryParse(text) ?? new Recorded(text);

    /// <inheritdoc/>
    public bool Equals(ImageScoreReducer? other) => other is not null && other._text == _text;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ImageScoreReducer);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public sealed override string ToString() => _text;

    private static ImageScoreReducer? TryParse(string text)
    {
        if (text == "max")
            return new Maximum();
        if (text == "own")
            return new Own();
        if (text.StartsWith(TopMeanPrefix, StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(TopMeanPrefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100)
            return new TopMean(percent);
        if (text.StartsWith(PooledPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(PooledPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var window)
            && window > 0)
            return new PooledMaximum(window);
        return null;
    }

    /// <summary>The largest value of the map.</summary>
    public sealed class Maximum() : ImageScoreReducer("max")
    {
        /// <inheritdoc/>
        public override string Description => "maximum of the map";

        /// <inheritdoc/>
        public override double Of(float[] values, int width, int height)
        {
            var most = new Vector<float>(float.NegativeInfinity);
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
            foreach (var vector in vectors)
                most = Vector.Max(most, vector);
            var largest = float.NegativeInfinity;
            for (var lane = 0; lane < Vector<float>.Count; lane++)
                largest = Math.Max(largest, most[lane]);
            foreach (var value in values.AsSpan(vectors.Length * Vector<float>.Count))
                largest = Math.Max(largest, value);
            return largest;
        }
    }

    /// <summary>The mean of the largest values of the map.</summary>
    /// <param name="percent">How many of the pixels, in (0, 100].</param>
    public sealed class TopMean(double percent) : ImageScoreReducer(string.Create(CultureInfo.InvariantCulture, $"{TopMeanPrefix}{percent}"))
    {
        /// <inheritdoc/>
        public override string Description => string.Create(CultureInfo.InvariantCulture, $"mean of the top {percent} % of the map");

        /// <inheritdoc/>
        public override double Of(float[] values, int width, int height)
        {
            float[] sorted = [.. values];
            Array.Sort(sorted);
            var count = Math.Max(1, (int)Math.Round(sorted.Length * percent / 100));
            return sorted.TakeLast(count).Average(value => (double)value);
        }

        /// <inheritdoc/>
        /// <remarks>The mean of the largest values of the inside.</remarks>
        public override double Within(float[] values, int width, int height, ReadOnlyMemory<byte> inside)
        {
            var looked = RegionOfInterest.Pick(values, inside.Span);
            return Of(looked, looked.Length, 1);
        }
    }

    /// <summary>The largest value after average pooling with stride 1.</summary>
    /// <param name="window">Side of the pooling window in pixels.</param>
    public sealed class PooledMaximum(int window) : ImageScoreReducer(string.Create(CultureInfo.InvariantCulture, $"{PooledPrefix}{window}"))
    {
        /// <inheritdoc/>
        public override string Description => $"maximum of the map averaged over {window}×{window} pixels";

        /// <inheritdoc/>
        public override double Of(float[] values, int width, int height)
        {
            var (across, down) = (Math.Min(window, width), Math.Min(window, height));
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
    }

    /// <summary>What the method itself says of an image beside its map; for methods that do (<c>MethodOptions.ImageScore</c>).</summary>
    public sealed class Own() : ImageScoreReducer("own")
    {
        /// <inheritdoc/>
        public override string Description => "as the method defines it";

        /// <inheritdoc/>
        public override double Of(float[] values, int width, int height) =>
            throw new InvalidOperationException("The method's own image score does not follow from the map.");
    }

    private sealed class Recorded(string text) : ImageScoreReducer(text)
    {
        public override double Of(float[] values, int width, int height) =>
            throw new InvalidOperationException($"The image score '{this}' belongs to a program that is not loaded.");
    }
}
