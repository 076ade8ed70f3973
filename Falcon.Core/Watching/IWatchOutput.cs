namespace Falcon.Watching;

/// <summary>Where a watch's records go besides its journal: a table, a web hook, a message broker. Each output follows the journal by itself: one that is slow or away for a while gets everything in
/// its order when it is back, also after a crash.</summary>
public interface IWatchOutput : IDisposable
{
    /// <summary>What it is called in messages and, as a file name, in the watch's folder.</summary>
    string Name { get; }

    /// <summary>The number of the last record that has surely been delivered, if the output itself knows; null to take what the watch remembers, after which a crash may deliver the last record
    /// again.</summary>
    long? Delivered { get; }

    /// <summary>Delivers a record.</summary>
    /// <param name="record">The next one.</param>
    /// <param name="json">The same as a line of JSON.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="IOException">It could not be delivered now: it is tried again, the same record after a longer and longer pause.</exception>
    /// <exception cref="InvalidInputException">It will never be taken: it is told, and the next one follows.</exception>
    Task Deliver(WatchRecord record, string json, CancellationToken cancellation);
}
