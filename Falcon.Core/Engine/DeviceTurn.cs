using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Engine;

/// <summary>Lets one prediction at a time compute on CUDA devices: how they round (<see cref="TensorFloat32"/>) is a setting of the process, which a prediction on another
/// thread would change halfway. On other devices nobody waits.</summary>
internal readonly ref struct DeviceTurn : IDisposable
{
    private static readonly Lock Gate = new();

    private readonly bool _isTaken;

    /// <summary>Waits for the turn.</summary>
    public DeviceTurn(Device device)
    {
        _isTaken = device.type == DeviceType.CUDA;
        if (_isTaken)
            Gate.Enter();
    }

    /// <summary>Gives the turn to the next.</summary>
    public void Dispose()
    {
        if (_isTaken)
            Gate.Exit();
    }
}
