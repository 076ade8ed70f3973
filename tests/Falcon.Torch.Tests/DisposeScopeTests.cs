namespace Falcon.Torch.Tests;

public class DisposeScopeTests
{
    [Fact(DisplayName = "a scope disposes what was created in it, except what was moved out or detached")]
    public void Ownership()
    {
        Tensor inside, moved, detached;
        using var outer = NewDisposeScope();
        using (var inner = NewDisposeScope())
        {
            inside = ones(1);
            moved = ones(2).MoveToOuterDisposeScope();
            detached = inner.Detach(ones(3));
            Assert.Same(inner, CurrentDisposeScope);
            Assert.True(inner.Contains(inside));
            Assert.Equal(1, inner.DisposablesCount);
        }
        Assert.True(inside.IsInvalid);
        Assert.False(moved.IsInvalid);
        Assert.True(outer.Contains(moved));
        Assert.False(detached.IsInvalid);
        outer.DisposeEverything();
        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact(DisplayName = "moving out of the outermost scope sets a tensor free")]
    public void Outermost()
    {
        Tensor free;
        using (NewDisposeScope())
            free = ones(1).MoveToOuterDisposeScope();
        Assert.False(free.IsInvalid);
        free.Dispose();
    }

    [Fact(DisplayName = "a detached tensor can be attached again")]
    public void Attach()
    {
        Tensor tensor;
        using (var scope = NewDisposeScope())
        {
            tensor = ones(1).DetachFromDisposeScope();
            Assert.Equal(0, scope.DisposablesCount);
            scope.Attach(tensor);
        }
        Assert.True(tensor.IsInvalid);
    }

    [Fact(DisplayName = "everything but the kept ones is disposed early")]
    public void Keep()
    {
        using var scope = NewDisposeScope();
        var dropped = ones(1);
        var (a, b) = scope.DisposeEverythingBut(ones(2), ones(3));
        Assert.True(dropped.IsInvalid);
        Assert.False(a.IsInvalid || b.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
    }

    [Fact(DisplayName = "only the result of a wrapped expression outlives it")]
    public void Wrapped()
    {
        using var scope = NewDisposeScope();
        Tensor? intermediate = null;
        var result = WrappedTensorDisposeScope(() =>
        {
            intermediate = ones(2);
            return intermediate + 1;
        });
        Assert.True(intermediate!.IsInvalid);
        Assert.False(result.IsInvalid);
    }

    [Fact(DisplayName = "scopes of other threads are their own")]
    public void OtherThreads()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(elsewhere!));
        elsewhere!.Dispose();
    }

    [Fact(DisplayName = "the statistics of a thread count what is created, disposed, detached and alive")]
    public void Statistics()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var outside = ones(1);
        using (NewDisposeScope())
        {
            var inside = ones(1);
            ones(1).DetachFromDisposeScope().Dispose();
            ones(1).Dispose();
            Assert.Equal(2, statistics.ThreadTotalLiveCount);
            Assert.False(inside.IsInvalid);
        }
        Assert.Equal(
            (1, 3, 1, 2, 1),
            (statistics.CreatedOutsideScopeCount, statistics.CreatedInScopeCount, statistics.DetachedFromScopeCount,
                statistics.DisposedInScopeCount, statistics.DisposedOutsideScopeCount));
        outside.Dispose();
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }
}
