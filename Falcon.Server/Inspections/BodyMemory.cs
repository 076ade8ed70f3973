using Falcon.Server.Safety;

namespace Falcon.Server.Inspections;

/// <summary>The memory that bodies of requests may take, all together.</summary>
/// <param name="most">Bytes.</param>
internal sealed class BodyMemory(long most)
{
    private long _left = most;

    /// <summary>Sets bytes aside until the result is disposed.</summary>
    /// <exception cref="ProblemException">There is no room now.</exception>
    public IDisposable Reserve(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
            return new Reserved(this, bytes);
        Interlocked.Add(ref _left, bytes);
        throw ProblemException.Busy("too many images are being received", "inspections");
    }

    private sealed class Reserved(BodyMemory memory, long bytes) : IDisposable
    {
        public void Dispose() => Interlocked.Add(ref memory._left, bytes);
    }
}
