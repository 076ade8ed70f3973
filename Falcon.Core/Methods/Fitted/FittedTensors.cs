using Falcon.Engine;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>What a method keeps of good images: tensors by name, of whatever shape.</summary>
internal sealed class FittedTensors() : Module(nameof(FittedTensors))
{
    // TorchSharp leaves them out wherever it goes through a module's buffers, also where it frees them.
    private readonly List<Tensor> _unsaved = [];

    /// <summary>Keeps a copy on a device; what had the name is freed.</summary>
    /// <param name="name">Its name in files.</param>
    /// <param name="value">Of any shape.</param>
    /// <param name="device">Where it is kept.</param>
    /// <param name="persistent">Whether it is saved; what is not can be computed again.</param>
    public void Keep(string name, Tensor value, Device device, bool persistent = true)
    {
        var copy = value.detach().PlacedOn(device).clone().DetachFromDisposeScope();
        if (get_buffer(name) is not { } held)
        {
            register_buffer(name, copy, persistent);
            if (!persistent)
                _unsaved.Add(copy);
            return;
        }
        using (copy)
            held.set_(copy);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unsaved.ForEach(tensor => tensor.Dispose());
        base.Dispose(disposing);
    }
}
