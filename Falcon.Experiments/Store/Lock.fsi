namespace Falcon.Experiments.Store

open System
open System.Threading

/// The right to do one thing that only one process may do at a time: a file that only its holder could create and that names the holder.
/// Assumed of the file system: of several exclusive creations (O_EXCL) one succeeds, and a file that was closed is read as written. Neither `flock` nor
/// shared memory is relied on. A holder that has died, or that another machine has not heard of for `StoreSession.silence`, loses its lock to the next who wants it.
[<Sealed>]
type internal Lock =
    /// Gives the right back.
    interface IDisposable

module internal Lock =
    /// The lock of a key or a purpose in a store.
    val path: store: string -> name: string -> string

    /// The live session that holds the lock.
    val holder: store: string -> path: string -> Owner option

    /// Whether the lock's holder, on another machine, may be dead: that is known soon.
    val isDoubtful: store: string -> path: string -> bool

    /// The lock, unless a live session holds it.
    val tryAcquire: session: StoreSession -> path: string -> Lock option

    /// Waits for the lock; an `OperationCanceledException` when cancelled.
    val acquire: session: StoreSession -> path: string -> cancellation: CancellationToken -> Lock

    /// Waits until no live session holds the lock.
    val waitUntilFree: session: StoreSession -> path: string -> cancellation: CancellationToken -> unit

    /// Removes the locks of dead holders from a store.
    val sweep: session: StoreSession -> unit
