using static TorchSharp.torch;

namespace Falcon.Onnx;

/// <summary>What an operation of a graph gives: its name, its type and its shape, which is known when the graph is made. Operations on it read as those on a tensor;
/// each adds to the graph what it needs.</summary>
/// <param name="graph">The graph that it belongs to.</param>
/// <param name="name">Its name, unique within the graph.</param>
/// <param name="type">The type of its numbers.</param>
/// <param name="shape">Its sides; empty for a scalar.</param>
internal sealed class OnnxValue(OnnxBuilder graph, string name, OnnxType type, params long[] shape)
{
    /// <summary>The graph that it belongs to.</summary>
    public OnnxBuilder Graph { get; } = graph;

    /// <summary>Its name in the graph.</summary>
    public string Name { get; } = name;

    /// <summary>The type of its numbers.</summary>
    public OnnxType Type { get; } = type;

    /// <summary>Its sides.</summary>
    public long[] Shape { get; } = shape;

    /// <summary>The same with each channel scaled and shifted, of a result whose operation can take that over: a convolution. Null of any other.</summary>
    public Func<Tensor, Tensor, OnnxValue>? Rescaled { get; init; }

    /// <summary>The sum.</summary>
    public static OnnxValue operator +(OnnxValue a, OnnxValue b) => a.Elementwise("Add", b);

    /// <summary>The difference.</summary>
    public static OnnxValue operator -(OnnxValue a, OnnxValue b) => a.Elementwise("Sub", b);

    /// <summary>The product, element by element.</summary>
    public static OnnxValue operator *(OnnxValue a, OnnxValue b) => a.Elementwise("Mul", b);

    /// <summary>The quotient, element by element.</summary>
    public static OnnxValue operator /(OnnxValue a, OnnxValue b) => a.Elementwise("Div", b);

    /// <summary>The sum with a number.</summary>
    public static OnnxValue operator +(OnnxValue a, double b) => a + a.Graph.Scalar(b);

    /// <summary>The difference to a number.</summary>
    public static OnnxValue operator -(OnnxValue a, double b) => a - a.Graph.Scalar(b);

    /// <summary>The difference of a number to it.</summary>
    public static OnnxValue operator -(double a, OnnxValue b) => b.Graph.Scalar(a) - b;

    /// <summary>A multiple.</summary>
    public static OnnxValue operator *(OnnxValue a, double b) => a * a.Graph.Scalar(b);

    /// <summary>A share.</summary>
    public static OnnxValue operator /(OnnxValue a, double b) => a / a.Graph.Scalar(b);

    /// <summary>Each number times itself.</summary>
    public OnnxValue Square() => this * this;

    /// <summary>Not below a number.</summary>
    public OnnxValue AtLeast(double least) => Elementwise("Max", Graph.Scalar(least));

    /// <summary>Each number without its sign.</summary>
    public OnnxValue Abs() => Map("Abs");

    /// <summary>The square root of each number.</summary>
    public OnnxValue Sqrt() => Map("Sqrt");

    /// <summary>max(x, 0).</summary>
    public OnnxValue Relu() => Map("Relu");

    /// <summary>x, below 0 times a slope.</summary>
    public OnnxValue LeakyRelu(double slope) => Map("LeakyRelu", new OnnxAttribute("alpha", (float)slope));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public OnnxValue Sigmoid() => Map("Sigmoid");

    /// <summary>The hyperbolic tangent.</summary>
    public OnnxValue Tanh() => Map("Tanh");

    /// <summary>x·σ(x).</summary>
    public OnnxValue Silu() => this * Sigmoid();

    /// <summary>x·Φ(x), by the error function.</summary>
    public OnnxValue Gelu() => this * ((this / Math.Sqrt(2)).Map("Erf") + 1) * 0.5;

    /// <summary>Shares that sum to 1 along an axis.</summary>
    public OnnxValue Softmax(int axis) => Map("Softmax", new OnnxAttribute("axis", axis));

    /// <summary>As single precision.</summary>
    public OnnxValue ToFloat() => Graph.Add("Cast", [this], OnnxType.Float, Shape, new OnnxAttribute("to", (long)OnnxType.Float));

    /// <summary>Matrix products over the last two sides, the earlier ones as they are or broadcast.</summary>
    public OnnxValue MatMul(OnnxValue other)
    {
        var (rows, inner, columns) = (Shape[^2], Shape[^1], other.Shape[^1]);
        if (other.Shape[^2] != inner)
            throw Mismatch("MatMul", other);
        return Graph.Add("MatMul", [this, other], Type, [.. Broadcast("MatMul", Shape[..^2], other.Shape[..^2], other), rows, columns]);
    }

    private OnnxValue Map(string operation, params OnnxAttribute[] attributes) => Graph.Add(operation, [this], Type, Shape, attributes);

    private OnnxValue Elementwise(string operation, OnnxValue other) => Graph.Add(operation, [this, other], Type, Broadcast(operation, Shape, other.Shape, other));

    /// <summary>The common shape: missing sides count as 1, and a side of 1 is repeated.</summary>
    private long[] Broadcast(string operation, long[] ours, long[] theirs, OnnxValue other)
    {
        var shape = new long[Math.Max(ours.Length, theirs.Length)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (a, b) = (i <= ours.Length ? ours[^i] : 1, i <= theirs.Length ? theirs[^i] : 1);
            shape[^i] = a == b || b == 1 ? a : a == 1 ? b : throw Mismatch(operation, other);
        }
        return shape;
    }

    private InvalidOperationException Mismatch(string operation, OnnxValue other) =>
        new($"{operation} of '{Name}' ({string.Join('×', Shape)}) and '{other.Name}' ({string.Join('×', other.Shape)}) is not possible.");
}
