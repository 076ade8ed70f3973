namespace Falcon.Experiments.Store

open System

/// What an unfinished application of a stage has left.
type internal CheckpointFolder =
    {
        Key: Key
        /// When a file in it was last changed.
        LastChange: DateTimeOffset
        Bytes: int64
    }

/// Folders in which unfinished applications of stages leave what they need to go on later. They survive the death of the process.
module internal Checkpoints =
    /// The folder of a key, made when missing. Only the holder of the key's lock may use it.
    val folder: store: string -> key: Key -> string

    /// Where the folder of a key is, or would be.
    val path: store: string -> key: Key -> string

    /// Removes the folder of a key, if there is one.
    val remove: store: string -> key: Key -> unit

    /// Removes the folder of a key if nothing is in it.
    val removeEmpty: store: string -> key: Key -> unit

    /// The folders that are there.
    val all: store: string -> CheckpointFolder list
