using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Falcon.Weights;

/// <summary>What an ONNX file says of a network: its operations, and the constants that they name. Attributes and types of values are passed over.</summary>
internal sealed class OnnxGraph
{
    private const int Float = 1;
    private readonly Dictionary<string, StoredTensor> _constants = [];
    private readonly List<OnnxNode> _nodes = [];
    private readonly string _path;

    private OnnxGraph(string path) => _path = path;

    /// <summary>The operations, each after those whose results it reads.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>A constant by its name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public StoredTensor Constant(string name) => _constants.GetValueOrDefault(name) ?? throw Wrong($"has no constant '{name}'");

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="InvalidInputException">It is missing or broken, or holds constants of another type than float32.</exception>
    public static OnnxGraph Read(string path)
    {
        var graph = new OnnxGraph(path);
        try
        {
            Fields(new CodedInputStream(File.ReadAllBytes(path)), (field, _, model) => field == OnnxField.Model.Graph && graph.ReadGraph(model.ReadBytes()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw graph.Wrong($"cannot be read ({error.Message})");
        }
        return graph;
    }

    private bool ReadGraph(ByteString bytes) => Fields(bytes.CreateCodedInput(), (field, _, graph) => field switch
    {
        OnnxField.Graph.Node => ReadNode(graph.ReadBytes()),
        OnnxField.Graph.Initializer => ReadConstant(graph.ReadBytes()),
        _ => false,
    });

    private bool ReadNode(ByteString bytes)
    {
        List<string> inputs = [], outputs = [], operation = [];
        Fields(bytes.CreateCodedInput(), (field, _, node) => field switch
        {
            OnnxField.Node.Input => Add(inputs, node.ReadString()),
            OnnxField.Node.Output => Add(outputs, node.ReadString()),
            OnnxField.Node.Operation => Add(operation, node.ReadString()),
            _ => false,
        });
        _nodes.Add(new(operation.LastOrDefault(""), inputs, outputs));
        return true;
    }

    private bool ReadConstant(ByteString bytes)
    {
        RepeatedField<long> shape = [];
        RepeatedField<float> values = [];
        List<int> type = [];
        List<string> name = [];
        Fields(bytes.CreateCodedInput(), (field, tag, tensor) => field switch
        {
            OnnxField.Tensor.Dims => AddEntries(shape, tensor, FieldCodec.ForInt64(tag)),
            OnnxField.Tensor.DataType => Add(type, tensor.ReadInt32()),
            OnnxField.Tensor.FloatData => AddEntries(values, tensor, FieldCodec.ForFloat(tag)),
            OnnxField.Tensor.Name => Add(name, tensor.ReadString()),
            _ => false,
        });
        var known = name.LastOrDefault("");
        if (type.LastOrDefault() != Float || shape.Aggregate(1L, (product, side) => product * side) != values.Count)
            throw Wrong($"holds '{known}' otherwise than as values of float32");
        _constants[known] = StoredTensor.Of(known, [.. values], [.. shape]);
        return true;
    }

    private InvalidInputException Wrong(string what) => new(what, _path, "Check that it is the right ONNX file.");

    /// <summary>Hands over every field of a message by number and tag; what is not read (false) is passed over.</summary>
    private static bool Fields(CodedInputStream message, Func<int, uint, CodedInputStream, bool> read)
    {
        for (uint tag; (tag = message.ReadTag()) != 0;)
            if (!read(WireFormat.GetTagFieldNumber(tag), tag, message))
                message.SkipLastField();
        return true;
    }

    private static bool Add<T>(List<T> values, T value)
    {
        values.Add(value);
        return true;
    }

    private static bool AddEntries<T>(RepeatedField<T> values, CodedInputStream message, FieldCodec<T> codec)
    {
        values.AddEntriesFrom(message, codec);
        return true;
    }
}
