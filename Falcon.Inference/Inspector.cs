using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Inference;

/// <summary>A detector in an ONNX file: says whether photos show defective parts, and where, as the detector that it was exported from. Any number of threads may inspect with
/// one at once.</summary>
public sealed class Inspector : IDisposable
{
    private const string Prefix = "falcon.", KnownFormat = "1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly OnnxRunner _runner;
    private readonly Preprocessing _preprocessing;
    private readonly bool _ownScore;

    private Inspector(OnnxRunner runner, string path)
    {
        _runner = runner;
        Metadata = runner.Metadata;
        if (Entry("format") is not { } format)
            throw Wrong("is not a detector", "Give a file that 'falcon export' wrote.");
        if (format != KnownFormat)
            throw Wrong($"has format {format}; this Falcon.Inference reads {KnownFormat}", "Export it again, or use a newer Falcon.Inference.");
        try
        {
            _preprocessing = JsonSerializer.Deserialize<Preprocessing>(Entry("preprocessing") ?? "null", Json) ?? throw new JsonException("the preprocessing is missing");
        }
        catch (JsonException error)
        {
            throw Wrong($"has damaged metadata ({error.Message})", "Export it again.");
        }
        if ((_preprocessing.Width, _preprocessing.Height) != (runner.Width, runner.Height) || Number("threshold") is not { } threshold)
            throw Wrong("has damaged metadata", "Export it again.");
        (Threshold, PixelThreshold, _ownScore) = (threshold, Number("pixelThreshold"), Entry("imageScore") == "own");

        InvalidInputException Wrong(string what, string fix) => new(what, path, fix);
    }

    /// <summary>Image scores above it are anomalous: at first the detector's.</summary>
    public double Threshold { get; set; }

    /// <summary>Map values above it may belong to a region: at first the detector's; null where it has none.</summary>
    public double? PixelThreshold { get; set; }

    /// <summary>What the file says of itself, by names that begin with <c>falcon.</c>: method, teacher, card, and how the file was proven.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The method's name, for example <c>stpm</c>.</summary>
    public string Method => Entry("method") ?? "";

    /// <summary>The detector's card as JSON: method and options, teacher, training images, held-out scores.</summary>
    public string Card => Entry("card") ?? "{}";

    /// <summary>Opens a file that 'falcon export' wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that compute one inspection; 0 for as many as the machine has cores.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not such a file.</exception>
    public static Inspector Load(string path, int threads = 0)
    {
        var runner = new OnnxRunner(path, threads);
        try
        {
            return new(runner, path);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <summary>Inspects a photo.</summary>
    /// <param name="photo">An image file: PNG, JPEG, BMP, WebP or TIFF.</param>
    /// <param name="region">A mask of what is looked at, white, in place of the detector's own; null for that.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or its size does not suit the detector's tiles or region of interest.</exception>
    public Inspection Inspect(string photo, string? region = null) =>
        Inspect(ImageFile.ReadScaled(photo, _preprocessing.WhiteLevel), region is null ? _preprocessing.RegionOfInterest : RegionOfInterest.Read(region), photo);

    /// <summary>Inspects a frame that is in memory, as a camera gives it.</summary>
    /// <param name="pixels">Rows from top to bottom, 8 bits a channel. They are copied.</param>
    /// <param name="order">What a pixel's bytes are.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="stride">Bytes from the start of one row to that of the next.</param>
    /// <exception cref="ArgumentException">A size is not positive, a row does not fit into the stride, or there are too few bytes.</exception>
    /// <exception cref="InvalidInputException">Its size does not suit the detector's tiles or region of interest.</exception>
    public Inspection Inspect(ReadOnlySpan<byte> pixels, PixelOrder order, int width, int height, int stride) =>
        Inspect(FramePixels.ToRgb(pixels, order, width, height, stride), _preprocessing.RegionOfInterest, "frame");

    private Inspection Inspect(RasterImage photo, RegionOfInterest? region, string name)
    {
        if (region is not null && _ownScore)
            throw new InvalidInputException("this method's own image score does not heed a region of interest in an ONNX file", name, "Leave the region away.");
        var looked = _preprocessing.Covered(photo, region, name);
        var whole = new WholeImage(_preprocessing, photo.Width, photo.Height);
        var (ownWidth, ownHeight) = _runner.OwnSize;
        foreach (var input in _preprocessing.Inputs(_preprocessing.Resize(looked)))
        {
            var said = _runner.Run(input.Pixels);
            var own = said.TryGetValue(OnnxRunner.OwnMap, out var values) ? values : said[OnnxRunner.Map];
            whole.Add(new(own, ownWidth, ownHeight), _ownScore ? said[OnnxRunner.Score][0] : null);
        }
        var map = whole.Map.Within(region).Resize(photo.Width, photo.Height);
        var score = whole.OwnScore ?? map.Score(new ImageScoreReducer.Maximum());
        return new(map, score, Threshold, PixelThreshold, byMaximum: !_ownScore);
    }

    private string? Entry(string name) => Metadata.GetValueOrDefault(Prefix + name);

    private double? Number(string name) => double.TryParse(Entry(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();
}
