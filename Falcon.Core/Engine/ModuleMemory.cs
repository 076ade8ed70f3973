using static TorchSharp.torch;

namespace Falcon.Engine;

/// <summary>The memory of modules. TorchSharp's constructors leave second handles to the weights that they draw, which keep these alive until the garbage collector comes
/// by, long after the module has been disposed; so modules are made within a dispose scope, which frees such handles, and their own tensors are taken out of it.</summary>
public static class ModuleMemory
{
    // Every network passes here before it computes.
    static ModuleMemory() => ScalarLifetime.Extend();

    /// <summary>Takes a module's parameters and buffers out of every dispose scope.</summary>
    public static void Keep(this nn.Module module)
    {
        foreach (var tensor in Tensors(module))
            tensor.DetachFromDisposeScope();
    }

    /// <summary>Disposes a module with all its parameters and buffers.</summary>
    public static void Release(this nn.Module module)
    {
        foreach (var tensor in Tensors(module))
            tensor.Dispose();
        module.Dispose();
    }

    private static List<Tensor> Tensors(nn.Module module) => [.. module.parameters(), .. module.buffers()];
}
