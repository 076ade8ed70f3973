namespace TorchSharp;

/// <summary>The dispose scopes of one thread, innermost last.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _ofThisThread;

    private readonly List<DisposeScope> _open = [];

    public static ThreadDisposeScopeStatistics Statistics => OfThisThread.Counts;

    internal static DisposeScopeManager OfThisThread => _ofThisThread ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal DisposeScope? Current => _open.Count > 0 ? _open[^1] : null;

    internal DisposeScope Enter()
    {
        var scope = new DisposeScope(this, Current);
        _open.Add(scope);
        return scope;
    }

    internal void Leave(DisposeScope scope) => _open.Remove(scope);

    internal void Register(torch.Tensor tensor)
    {
        if (Current is { } scope)
        {
            scope.Own(tensor);
            Counts.CreatedInScopeCount++;
        }
        else
        {
            Counts.CreatedOutsideScopeCount++;
        }
    }
}
