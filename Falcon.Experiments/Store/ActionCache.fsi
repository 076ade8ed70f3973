namespace Falcon.Experiments.Store

open System

/// A content by name and size.
type OutputName =
    {
        Digest: Digest
        /// Bytes.
        Size: int64
    }

/// What the store knows about one finished application of a stage.
type Entry =
    {
        Key: Key
        Stage: string
        Version: int
        Outputs: Map<string, OutputName>
        /// How long the stage took.
        Seconds: float
        Created: DateTimeOffset
        /// The canonical text of the application.
        Document: string
    }

    /// The application itself: options and inputs.
    member Call: StageCall

/// Why a stage has to run.
type Miss =
    /// It never ran with these options on these inputs, or its result was removed.
    | NotComputed
    /// The entry cannot be believed.
    | BrokenEntry of problem: string
    /// The entry is there but one of its contents is not.
    | MissingOutput of name: string
    /// One of its contents cannot be believed.
    | BrokenOutput of name: string * problem: string

module Miss =
    /// One sentence without a full stop.
    val describe: miss: Miss -> string

/// An entry's file.
type internal EntryFile =
    {
        Path: string
        Key: Key
        Stage: string
        /// Its last modification is the entry's last use.
        Stamp: FileStamp
        Entry: Result<Entry, string>
    }

/// Finished applications of stages under their keys.
module internal ActionCache =
    /// The entry of an application; its contents are not looked at.
    val tryRead: store: string -> stage: string -> key: Key -> Result<Entry, Miss>

    /// Notes that an entry was used now, unless that was noted within the last minute. Without the right to do so nothing happens.
    val touch: store: string -> stage: string -> key: Key -> unit

    /// Keeps an entry whose contents are all kept.
    val write: session: StoreSession -> call: StageCall -> outputs: Map<string, OutputName> -> seconds: float -> unit

    /// All entries.
    val all: store: string -> EntryFile list

    /// All entries, without their documents, which memory may not take. Those whose stamp is as in `known` are not read again.
    val outlines: store: string -> known: EntryFile list -> EntryFile list

    /// The stages that have entries.
    val stages: store: string -> string list

    /// What is chosen of those entries of one stage that were used last, the latest first. Each is read, looked at by some thread and forgotten: a large store has
    /// more than memory takes.
    val choose: store: string -> stage: string -> latest: int -> choice: (Entry -> FileStamp -> 'Choice option) -> 'Choice list

    /// The entries of one stage.
    val ofStage: store: string -> stage: string -> EntryFile list
