namespace Falcon.Experiments.Store

open System

/// Folders in which unfinished applications of stages leave what they need to go on later. They survive the death of the process.
module internal Checkpoints =
    /// The folder of a key, made when missing. Only the holder of the key's lock may use it.
    val folder: store: string -> key: Key -> string

    /// Removes the folder of a key, if there is one; the bytes that were in it.
    val remove: store: string -> key: Key -> int64

    /// The folders that are there, with the time of the last change of a file and the bytes in them.
    val all: store: string -> struct (Key * DateTimeOffset * int64) list
