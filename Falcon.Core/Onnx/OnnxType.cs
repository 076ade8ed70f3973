namespace Falcon.Onnx;

/// <summary>The number types of values, by their numbers in onnx.proto.</summary>
internal enum OnnxType
{
    /// <summary>float32.</summary>
    Float = 1,

    /// <summary>Bytes.</summary>
    UInt8 = 2,

    /// <summary>64-bit whole numbers.</summary>
    Int64 = 7,
}
