using Microsoft.ML.OnnxRuntime;

namespace Falcon.Inference;

/// <summary>Runs a file that 'falcon export' wrote on the pixels of its input, as they are: what it gives is not put together into a verdict on a photo, as
/// <see cref="Inspector"/> does. Several threads may run one at once.</summary>
public sealed class OnnxRunner : IDisposable
{
    /// <summary>The names of the file's input and outputs.</summary>
    internal const string Image = "image", Map = "map", Score = "score", OwnMap = "own_map";

    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that compute; 0 for as many as the machine has cores.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not one that 'falcon export' wrote.</exception>
    public OnnxRunner(string path, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (!File.Exists(path))
            throw new InvalidInputException("there is no such file", path, "Give a file that 'falcon export' wrote.");
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        // Threads that wait by spinning slow whatever else computes, other inspections first of all.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            _session = new(path, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidInputException($"ONNX Runtime cannot read it ({error.Message})", path, "Export it again.");
        }
        if (_session.InputMetadata.TryGetValue(Image, out var image) && image.Dimensions is [1, var height, var width, 3]
            && _session.OutputMetadata.ContainsKey(Map) && _session.OutputMetadata.ContainsKey(Score))
        {
            (Width, Height) = (width, height);
            return;
        }
        _session.Dispose();
        throw new InvalidInputException("is not a detector", path, "Give a file that 'falcon export' wrote.");
    }

    /// <summary>Columns of the input.</summary>
    public int Width { get; }

    /// <summary>Rows of the input.</summary>
    public int Height { get; }

    /// <summary>The version of ONNX Runtime.</summary>
    public static string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>What the file says of itself, by names that begin with <c>falcon.</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Runs the file.</summary>
    /// <param name="rgb">(Height, Width, 3) row by row; not changed.</param>
    /// <returns>The values of each output by its name.</returns>
    public IReadOnlyDictionary<string, float[]> Run(byte[] rgb)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(rgb, [1, Height, Width, 3]);
        using var outputs = _session.Run(_options, [Image], [input], _session.OutputNames);
        return _session.OutputNames.Zip(outputs, (name, value) => (name, Values: value.GetTensorDataAsSpan<float>().ToArray())).ToDictionary(output => output.name, output => output.Values);
    }

    /// <summary>The shape of the map at the method's own resolution: that of the input where the file has no other.</summary>
    internal (int Width, int Height) OwnSize =>
        _session.OutputMetadata.TryGetValue(OwnMap, out var own) ? (own.Dimensions[2], own.Dimensions[1]) : (Width, Height);

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }
}
