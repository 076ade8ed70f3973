using System.Diagnostics;

namespace Falcon.Training;

/// <summary>Adds up the wall time of the named parts of training steps.</summary>
public sealed class StepClock
{
    private readonly Dictionary<string, TimeSpan> _parts = [];

    /// <summary>Total time of each part so far, in the order in which the parts first ran.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Parts => _parts;

    /// <summary>Times what runs until the result is disposed.</summary>
    public Running Time(string part) => new(this, part, Stopwatch.GetTimestamp());

    /// <summary>A part that is being timed.</summary>
    public readonly struct Running(StepClock clock, string part, long started) : IDisposable
    {
        /// <summary>Ends the part.</summary>
        public void Dispose() => clock._parts[part] = clock._parts.GetValueOrDefault(part) + Stopwatch.GetElapsedTime(started);
    }
}
