using System.Threading.Channels;
using Falcon.Server.Safety;

namespace Falcon.Server.Inspections;

/// <summary>Threads of their own that compute inspections: as many at the same time as there are, a bounded number waits, and more are refused. The engine keeps memory and threads
/// for each thread that calls it, so it is called by these alone.</summary>
internal sealed class Lanes : IDisposable
{
    private readonly Channel<Action> _work;
    private readonly Thread[] _threads;

    /// <param name="count">How many.</param>
    /// <param name="mostWaiting">How many may wait.</param>
    public Lanes(int count, int mostWaiting)
    {
        _work = Channel.CreateBounded<Action>(mostWaiting);
        _threads = [.. Enumerable.Range(0, count).Select(lane => new Thread(Run) { IsBackground = true, Name = $"inspection {lane}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Computes something as soon as a thread is free.</summary>
    /// <param name="compute">What.</param>
    /// <param name="cancellation">Whoever waits for it has gone: it is left away if it has not begun.</param>
    /// <exception cref="ProblemException">Too many wait.</exception>
    public Task<T> Compute<T>(Func<T> compute, CancellationToken cancellation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.Writer.TryWrite(Work) ? result.Task : throw ProblemException.Busy("too many inspections are waiting", "inspections");

        void Work()
        {
            if (cancellation.IsCancellationRequested)
            {
                result.SetCanceled(cancellation);
                return;
            }
            try
            {
                result.SetResult(compute());
            }
            catch (Exception error)
            {
                result.SetException(error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _work.Writer.TryComplete();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Run()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_work.Reader.TryRead(out var work))
                work();
    }
}
