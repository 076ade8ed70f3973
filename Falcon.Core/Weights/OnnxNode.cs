namespace Falcon.Weights;

/// <summary>One operation of a network in an ONNX file.</summary>
/// <param name="Operation">Its kind, for example <c>Conv</c>.</param>
/// <param name="Inputs">Names of what it reads: results of other nodes, inputs and constants of the graph.</param>
/// <param name="Outputs">Names of its results.</param>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
