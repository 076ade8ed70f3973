using System.Runtime.InteropServices;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Onnx;

/// <summary>A graph of operations in the making. Values know their shapes, so that one that does not fit is an error here and not at whoever runs the file. What no output
/// needs is not written.</summary>
internal sealed class OnnxBuilder
{
    /// <summary>The version of the operators: ONNX Runtime reads it from 1.12 on, of 2022.</summary>
    public const int Opset = 17;

    private readonly Dictionary<string, Constant> _constants = [];
    private readonly Dictionary<double, OnnxValue> _scalars = [];
    private readonly List<Node> _nodes = [];
    private readonly List<OnnxValue> _inputs = [], _outputs = [];
    private int _named;

    /// <summary>What is given to the graph at each run.</summary>
    public IReadOnlyList<OnnxValue> Inputs => _inputs;

    /// <summary>What it gives.</summary>
    public IReadOnlyList<OnnxValue> Outputs => _outputs;

    /// <summary>An input.</summary>
    public OnnxValue Input(string name, OnnxType type, params long[] shape)
    {
        var input = new OnnxValue(this, name, type, shape);
        _inputs.Add(input);
        return input;
    }

    /// <summary>Gives a value under a name.</summary>
    public void Output(string name, OnnxValue value)
    {
        var output = new OnnxValue(this, name, value.Type, value.Shape);
        _nodes.Add(new("Identity", [value.Name], [name], []));
        _outputs.Add(output);
    }

    /// <summary>Adds an operation with one result.</summary>
    /// <param name="operation">Its kind, for example <c>Conv</c>.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="type">The type of its result.</param>
    /// <param name="shape">The shape of its result.</param>
    /// <param name="attributes">Its settings.</param>
    public OnnxValue Add(string operation, IReadOnlyList<OnnxValue> inputs, OnnxType type, long[] shape, params OnnxAttribute[] attributes) =>
        AddRescalable(operation, inputs, type, shape, null, attributes);

    /// <summary>As above, of a result that can be scaled and shifted by its own operation.</summary>
    public OnnxValue AddRescalable(
        string operation, IReadOnlyList<OnnxValue> inputs, OnnxType type, long[] shape, Func<Tensor, Tensor, OnnxValue>? rescaled, params OnnxAttribute[] attributes)
    {
        var result = new OnnxValue(this, Name(operation), type, shape) { Rescaled = rescaled };
        _nodes.Add(new(operation, [.. inputs.Select(input => input.Name)], [result.Name], attributes));
        return result;
    }

    /// <summary>Adds TopK, which gives the largest values and where they are.</summary>
    public OnnxValue AddTopK(OnnxValue input, OnnxValue count, long[] shape, params OnnxAttribute[] attributes)
    {
        var values = new OnnxValue(this, Name("TopK"), input.Type, shape);
        _nodes.Add(new("TopK", [input.Name, count.Name], [values.Name, $"{values.Name}_places"], attributes));
        return values;
    }

    /// <summary>A constant; its values are copied, as single precision.</summary>
    public OnnxValue Tensor(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return Keep(OnnxType.Float, values.detach().to(ScalarType.Float32).cpu().contiguous().bytes.ToArray(), [.. values.shape]);
    }

    /// <summary>A constant of whole numbers.</summary>
    public OnnxValue Whole(params long[] values) => Keep(OnnxType.Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), values.Length);

    /// <summary>A number of single precision, the same whenever it is asked for.</summary>
    public OnnxValue Scalar(double value) => _scalars.TryGetValue(value, out var known)
        ? known
        : _scalars[value] = Keep(OnnxType.Float, BitConverter.GetBytes((float)value));

    /// <summary>The message of the graph.</summary>
    public OnnxMessage Message()
    {
        var message = new OnnxMessage();
        var needed = new HashSet<string>(_outputs.Select(output => output.Name));
        List<Node> nodes = [];
        foreach (var node in _nodes.AsEnumerable().Reverse().Where(node => needed.Contains(node.Outputs[0])))
        {
            nodes.Add(node);
            needed.UnionWith(node.Inputs);
        }
        foreach (var node in nodes.AsEnumerable().Reverse())
            message.Add(OnnxField.Graph.Node, node.Message());
        message.Add(OnnxField.Graph.Name, "falcon");
        foreach (var (name, constant) in _constants.Where(constant => needed.Contains(constant.Key)))
            message.Add(OnnxField.Graph.Initializer, constant.Message(name));
        foreach (var input in _inputs)
            message.Add(OnnxField.Graph.Input, Described(input));
        foreach (var output in _outputs)
            message.Add(OnnxField.Graph.Output, Described(output));
        return message;
    }

    private OnnxValue Keep(OnnxType type, byte[] bytes, params long[] shape)
    {
        var value = new OnnxValue(this, Name("constant"), type, shape);
        _constants[value.Name] = new(type, bytes, shape);
        return value;
    }

    private string Name(string kind) => $"{kind.ToLowerInvariant()}_{_named++}";

    private static OnnxMessage Described(OnnxValue value)
    {
        var shape = new OnnxMessage();
        foreach (var side in value.Shape)
            shape.Add(OnnxField.Value.Dimension, new OnnxMessage().Add(OnnxField.Value.DimensionValue, side));
        var tensor = new OnnxMessage().Add(OnnxField.Value.ElementType, (long)value.Type).Add(OnnxField.Value.Shape, shape);
        return new OnnxMessage().Add(OnnxField.Value.Name, value.Name).Add(OnnxField.Value.Type, new OnnxMessage().Add(OnnxField.Value.TensorType, tensor));
    }

    private sealed record Node(string Operation, string[] Inputs, string[] Outputs, OnnxAttribute[] Attributes)
    {
        public OnnxMessage Message()
        {
            var message = new OnnxMessage();
            foreach (var input in Inputs)
                message.Add(OnnxField.Node.Input, input);
            foreach (var output in Outputs)
                message.Add(OnnxField.Node.Output, output);
            message.Add(OnnxField.Node.Name, Outputs[0]).Add(OnnxField.Node.Operation, Operation);
            foreach (var attribute in Attributes)
                message.Add(OnnxField.Node.Attribute, attribute.Message());
            return message;
        }
    }

    private sealed record Constant(OnnxType Type, byte[] Bytes, long[] Shape)
    {
        public OnnxMessage Message(string name)
        {
            var message = new OnnxMessage();
            foreach (var side in Shape)
                message.Add(OnnxField.Tensor.Dims, side);
            return message.Add(OnnxField.Tensor.DataType, (long)Type).Add(OnnxField.Tensor.Name, name).Add(OnnxField.Tensor.RawData, Bytes);
        }
    }
}
