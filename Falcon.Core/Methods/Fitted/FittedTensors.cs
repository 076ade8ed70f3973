using Falcon.Engine;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>What a method keeps of good images: tensors by name, of whatever shape.</summary>
internal sealed class FittedTensors() : Module(nameof(FittedTensors))
{
    /// <summary>Keeps a copy on a device; what had the name is freed.</summary>
    public void Keep(string name, Tensor value, Device device)
    {
        get_buffer(name)?.Dispose();
        register_buffer(name, value.detach().PlacedOn(device).clone().DetachFromDisposeScope());
    }
}
