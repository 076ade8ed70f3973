/// Files that are either wholly there or not there, and that survive a power cut once they are there.
module internal Falcon.Experiments.Store.Durable

open System.IO

/// Creates a file for writing, and the folder it is in when missing.
val create: path: string -> FileStream

/// The content of a file, without locking it against others; none when there is no such file.
val tryRead: path: string -> byte array option

/// Forces the content of a file to the disk.
val flushFile: path: string -> unit

/// Forces the names in a folder to the disk.
val flushFolder: path: string -> unit

/// Gives a written file of the same file system its final name in one step, read-only and flushed to the disk; a file that has the name is replaced.
val publish: temporary: string -> target: string -> unit

/// Writes a file as `publish` does, by way of a temporary name, of which nothing is left when it fails.
val write: temporary: string -> target: string -> content: byte array -> unit

/// Removes a file that may be gone already.
val delete: path: string -> unit

/// Removes a folder with everything in it; it may be gone already, or going.
val deleteFolder: path: string -> unit

/// The files of a folder and of the folders in it, with their stamps. What is missing, or goes while it is looked at, is left out.
val files: folder: string -> (string * FileStamp) list

/// Runs an action; a full disk or an exhausted quota becomes an `InvalidInputException` that names the store and the remedy.
val reportingFullDisk: store: string -> action: (unit -> 'T) -> 'T
