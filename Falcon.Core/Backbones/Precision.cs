namespace Falcon.Backbones;

/// <summary>In which numbers a frozen network computes. Results differ between them, so it belongs to every key of cached features.</summary>
public enum Precision
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>bfloat16 inside, float32 outside. Faster only on hardware with bfloat16 units.</summary>
    BFloat16,

    /// <summary>Single precision whose convolutions round their inputs to TensorFloat-32 on CUDA devices that know it; elsewhere single precision.</summary>
    TensorFloat32,
}
