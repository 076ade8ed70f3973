namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThisThread.Current;

    /// <summary>Opens a scope on this thread: tensors created inside are disposed when the scope is.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThisThread.Enter();

    /// <summary>Runs the expression in a scope of its own; only its result outlives it.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
