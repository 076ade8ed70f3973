namespace Falcon.Experiments.Store

open System.Collections.Generic
open Falcon

/// SHA-256 of files outside the store, remembered in the store by path, size, times and inode so that an unchanged file is read only once. A file's
/// times never become part of a key: they only tell whether to read it again.
[<Sealed>]
type FileDigests =
    internal new: session: StoreSession -> FileDigests

    /// The digests of files, in their order. Many at once are cheaper than one by one. An `InvalidInputException` names every file that is missing or
    /// cannot be read.
    member OfFiles: paths: string seq -> Digest list

    /// The digests of files, in their order, or what is wrong with them.
    member TryOfFiles: paths: string seq -> Result<Digest, IReadOnlyList<Finding>> list

    member OfFile: path: string -> Digest
