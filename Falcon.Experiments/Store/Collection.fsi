namespace Falcon.Experiments.Store

open System.Threading

/// What a collection of garbage has done.
type Collection =
    {
        /// Results that were removed.
        Entries: int
        /// Contents that were removed.
        Blobs: int
        /// Checkpoints of unfinished applications that were removed.
        Checkpoints: int
        /// Dead processes whose temporary files were removed.
        Leftovers: int
        /// Bytes that were freed.
        Freed: int64
        /// Bytes that are still there; more than was asked for when running processes and pins need them.
        Kept: int64
    }

module internal Collection =
    /// A small file that is given up at the start of a collection, which has to write a little even when the disk is full.
    val ensureReserve: session: StoreSession -> unit

    /// Removes what nothing refers to, and then what was used least recently until the store has at most `maxBytes`. What a live session has leased, what
    /// is pinned, and everything that pinned results were made from stays.
    val run: session: StoreSession -> leases: Leases -> maxBytes: int64 -> cancellation: CancellationToken -> Collection
