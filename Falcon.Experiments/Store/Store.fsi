namespace Falcon.Experiments.Store

open System
open System.Threading

/// Where a stage works.
type Workspace =
    {
        /// An empty folder for files in the making, in the file system of the store. It is removed afterwards.
        Folder: string
        /// A folder that survives the death of the process and is given to whoever goes on with the same application of the stage. It is removed once
        /// there is a result. What is in it does not change the result.
        Checkpoints: string
        /// Asks the stage to stop, best after a checkpoint.
        Cancellation: CancellationToken
        /// Seconds that earlier processes had spent on what the stage goes on from: they count as its own.
        mutable Earlier: float
    }

/// How a result came about.
type Origin =
    /// It was in the store, or another process computed it meanwhile.
    | Found
    /// It was computed now, for this reason.
    | Computed of reason: Miss

/// What a stage gives.
type StageResult =
    {
        Key: Key
        /// The contents by name, as files that stay as long as the store is open.
        Outputs: Map<string, StoredOutput>
        /// How long the computation took when it was done.
        Seconds: float
        Origin: Origin
    }

/// A result in the store.
type StoredEntry =
    {
        Entry: Entry
        /// Accurate to a minute.
        LastUse: DateTimeOffset
    }

/// What the results of a stage take.
type StageSize =
    {
        Stage: string
        /// Results; each counts once, though it stands under the key of its recipe and of what that read.
        Entries: int
        /// Bytes of the contents; one that several results have is counted once, one that several stages have at each.
        Bytes: int64
    }

/// Results of stages under keys that say what determines them, on plain files. Many processes may use one store at once, on one machine or, over a network
/// file system, on several; they and their machines may die at any moment. Assumed of the file system: renaming within it is atomic, of several exclusive
/// creations of a file one succeeds, and a file that was closed is read as written by whoever opens it next; clocks of several machines agree within seconds.
/// Thread-safe.
[<Sealed>]
type Store =
    /// Its folder.
    member Folder: string

    member internal Session: StoreSession

    /// Digests of files outside the store.
    member FileDigests: FileDigests

    interface IDisposable

module Store =
    /// Where the store of experiments is: the folder that `FALCON_STORE` names, else `.falcon` in the folder of the experiments.
    val location: experiments: string -> string

    /// Opens a store, and makes it when there is none. Leftovers of dead processes are swept. What is found or computed stays until the store is disposed.
    /// An `InvalidInputException` says that the folder cannot be written or is of a newer version of Falcon.
    val openAt: folder: string -> Store

    /// The result of an application of a stage: from the store, or by `compute`, which puts its contents into the store. Of all processes and threads that
    /// want it at once one computes, the others wait. What is broken in the store is computed anew. `compute` must give at least one content, each under a
    /// name of its own. Its exceptions pass through and leave nothing behind; an `InvalidInputException` says that the disk is full; an
    /// `OperationCanceledException` that waiting was cancelled.
    val getOrRun:
        store: Store -> cancellation: CancellationToken -> call: StageCall -> compute: (Workspace -> (string * Output) list) -> StageResult

    /// The results of several applications, in their order: as `getOrRun`, but what is missing is computed in one go, which batches need. `compute` is given what
    /// is missing, without repeats, and gives the contents of each. The checkpoints of its workspace are those of the first.
    val getOrRunAll:
        store: Store ->
        cancellation: CancellationToken ->
        calls: StageCall list ->
        compute: (StageCall list -> Workspace -> (string * Output) list list) ->
            StageResult list

    /// Says that an application of a stage has a result that was found under another key: its inputs were made anew with the same content.
    val alias: store: Store -> call: StageCall -> result: StageResult -> unit

    /// The result, if it is in the store. Every content is verified, once per process.
    val tryFind: store: Store -> call: StageCall -> Result<StageResult, Miss>

    /// Whether the result is in the store, by a glance that neither reads contents nor counts as a use: what a plan needs.
    val probe: store: Store -> call: StageCall -> Result<Entry, Miss>

    /// Who computes the result at this moment: `process 4711 on buildbox`; none when nobody does.
    val computing: store: Store -> call: StageCall -> string option

    /// All results, latest use first.
    val entries: store: Store -> StoredEntry list

    /// The results of one stage, latest use first.
    val entriesOf: store: Store -> stage: string -> StoredEntry list

    /// What the results of each stage take, largest first.
    val sizes: store: Store -> StageSize list

    /// Bytes of all contents, once each.
    val totalBytes: store: Store -> int64

    /// Reads everything and removes what is broken. `progress` is told the bytes read so far and the bytes in all.
    val verify: store: Store -> progress: (int64 -> int64 -> unit) -> cancellation: CancellationToken -> Verification

    /// Removes temporary files of dead processes, what nothing refers to, and then what was used least recently until the store has at most `maxBytes`.
    /// Never removes what a running process has found, computed or pinned, what is pinned, and what pinned results were made from.
    val gc: store: Store -> maxBytes: int64 -> cancellation: CancellationToken -> Collection

    /// Protects results from `gc` under a name, for example that of a report; an earlier pin of the name is replaced. To pin a single result, its key is a
    /// good name. An `InvalidInputException` names the keys that are not in the store, or says that the name is no file name.
    val pin: store: Store -> name: string -> keys: Key list -> unit

    /// Lifts the protection; false when there is no pin of that name.
    val unpin: store: Store -> name: string -> bool

    /// All pins by name.
    val pins: store: Store -> Pin list
