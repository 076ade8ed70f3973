namespace Falcon.Onnx;

/// <summary>A module of Falcon's own that says how it is written as ONNX: what its <c>forward</c> computes in evaluation mode.</summary>
internal interface IOnnxModule
{
    /// <summary>Adds its operations to the graph of its input.</summary>
    OnnxValue Export(OnnxValue input);
}
