namespace TorchSharp;

/// <summary>Counts of the tensors of one thread since the start or the last <see cref="Reset"/>.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }

    public long CreatedInScopeCount { get; internal set; }

    public long AttachedToScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long DisposedOutsideScopeCount { get; internal set; }

    /// <summary>Tensors created and not yet disposed by hand or by a scope.</summary>
    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public void Reset() =>
        CreatedOutsideScopeCount = CreatedInScopeCount = AttachedToScopeCount =
            DetachedFromScopeCount = DisposedInScopeCount = DisposedOutsideScopeCount = 0;

    public override string ToString() =>
        $"live {ThreadTotalLiveCount}; created in scope {CreatedInScopeCount}, outside {CreatedOutsideScopeCount}; " +
        $"attached {AttachedToScopeCount}, detached {DetachedFromScopeCount}; disposed in scope {DisposedInScopeCount}, outside {DisposedOutsideScopeCount}";
}
