using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Engine;

/// <summary>Lets convolutions and matrix products on a CUDA device round their inputs to TensorFloat-32 (10 bits of mantissa) until it is disposed. The setting is the
/// process's. Elsewhere than on CUDA it does nothing.</summary>
internal sealed class TensorFloat32 : IDisposable
{
    private readonly bool _inUse;

    /// <param name="device">Where is computed.</param>
    /// <param name="wanted">Whether to round at all.</param>
    public TensorFloat32(Device device, bool wanted)
    {
        _inUse = wanted && device.type == DeviceType.CUDA;
        if (_inUse)
            Allow(true);
    }

    /// <summary>libtorch lets convolutions round unless told otherwise; Falcon tells it otherwise as soon as a network moves to such a device, for single precision
    /// means the same everywhere.</summary>
    public static void ForbidOn(Device device)
    {
        if (device.type == DeviceType.CUDA)
            Allow(false);
    }

    /// <summary>Inputs are rounded no longer.</summary>
    public void Dispose()
    {
        if (_inUse)
            Allow(false);
    }

    private static void Allow(bool allowed) => (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32) = (allowed, allowed);
}
