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
        var copy = value.detach().PlacedOn(device).clone().DetachFromDisposeScope();
        if (get_buffer(name) is not { } held)
        {
            register_buffer(name, copy);
            return;
        }
        using (copy)
            held.set_(copy);
    }
}
