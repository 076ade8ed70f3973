using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Patches of good images. <c>call(patches)</c>: the distance of each patch to the nearest kept one, (P) for (P, D).</summary>
internal sealed class PatchMemory : Module<Tensor, Tensor>
{
    private const string Bank = "bank";

    /// <param name="rows">Patches there is room for.</param>
    /// <param name="channels">D.</param>
    /// <param name="device">Where it is.</param>
    public PatchMemory(long rows, long channels, Device device) : base(nameof(PatchMemory)) =>
        register_buffer(Bank, zeros(rows, channels, device: device).DetachFromDisposeScope());

    /// <summary>The kept patches, (rows, D).</summary>
    public Tensor Patches => get_buffer(Bank)!;

    public override Tensor forward(Tensor patches) => cdist(patches, Patches).min(1).Item1;
}
