using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Engine;

/// <summary>Brings tensors and modules to the device where they are computed with: the one place that does.</summary>
public static class Placement
{
    /// <summary>A tensor on a device: the same one if it is there, else a copy in the caller's dispose scope. Towards a GPU it goes by way of pinned memory,
    /// while the program goes on.</summary>
    public static Tensor PlacedOn(this Tensor tensor, Device device)
    {
        if (tensor.device_type == device.type && (device.index < 0 || tensor.device_index == device.index))
            return tensor;
        if (device.type != DeviceType.CUDA || tensor.device_type != DeviceType.CPU)
            return tensor.to(device);
        using var pinned = tensor.pin_memory();
        return pinned.to(device, non_blocking: true);
    }

    /// <summary>Moves a module's parameters and buffers; those of its gradients and of an optimiser made before stay behind.</summary>
    public static void Place(nn.Module module, Device device)
    {
        TensorFloat32.ForbidOn(device);
        module.to(device);
    }
}
