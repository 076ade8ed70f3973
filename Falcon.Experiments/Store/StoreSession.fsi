namespace Falcon.Experiments.Store

open System
open System.Collections.Generic

/// A store in use by a process: a file in `sessions/` that is touched every few seconds and that lists what the process must not lose, and a folder in
/// `work/` for everything that is not finished yet. Both disappear with `Dispose`, or are swept once the process is dead.
[<Sealed>]
type internal StoreSession =
    new: store: string -> StoreSession

    /// The store's folder.
    member Store: string

    /// Its file's name, which tells the process.
    member Id: string

    /// A fresh name for a temporary file, in the file system of the store.
    member NewFile: unit -> string

    /// A fresh empty folder in the file system of the store.
    member NewFolder: unit -> string

    /// A name that no session has used before.
    member NewToken: unit -> string

    /// Lists the key of a result or the digest of a blob as in use until the session ends. Seen at once by processes of this machine.
    member Record: item: string -> unit

    interface IDisposable

module internal StoreSession =
    /// How long a session of another machine may be silent before it counts as dead: a minute; tests set `FALCON_LEASE_SECONDS`, which all processes on a store must
    /// have alike. Sessions give a sign of life twelve times as often. The clocks of machines that share a store must agree far better than this.
    val silence: TimeSpan

    /// The process behind a session's id or a token of it; none when it is neither.
    val owner: id: string -> Owner option

    /// Whether the process behind a session's id or a token of it still uses the store. Processes of this machine are looked up by their number
    /// and start time; those of others, or of other containers, by their last sign of life.
    val isAlive: store: string -> id: string -> bool

    /// Whether the process behind a session's id or a token of it, on another machine, has been silent for so long that it may be dead: that is known soon.
    val isDoubtful: store: string -> id: string -> bool

    /// Whether a live session is on another machine or in another container, so that what it wrote may be seen late.
    val areOthersAlive: store: string -> bool

    /// All that live sessions have recorded.
    val recorded: store: string -> HashSet<string>

    /// Removes what dead sessions have left in `sessions/` and `work/`; the number of sessions.
    val sweep: store: string -> int
