namespace Falcon.Experiments.Store

open System.Threading

/// What a reading of the whole store has found.
type Verification =
    {
        /// Contents that were read.
        Blobs: int
        /// Bytes that were read.
        Bytes: int64
        /// Entries that were read.
        Entries: int
        /// Files that were not as they had been written, with what is wrong. They are removed; their results will be computed anew.
        Dropped: (string * string) list
    }

module internal Verification =
    /// Reads everything. `progress` is told the bytes read so far and the bytes in all.
    val run:
        session: StoreSession -> leases: Leases -> progress: (int64 -> int64 -> unit) -> cancellation: CancellationToken -> Verification
