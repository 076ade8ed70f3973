namespace Falcon.Experiments.Store

open System.IO
open System.Threading

/// A content that is to be kept.
type Output =
    /// A file. One in the stage's own folder is moved, any other is copied.
    | File of path: string
    | Bytes of byte array
    /// Whatever is written to the stream.
    | Written of (Stream -> unit)

/// A content that is kept.
type StoredOutput =
    {
        Digest: Digest
        /// Bytes.
        Size: int64
        /// A read-only file that may be mapped into memory. It stays as long as the store that gave it is open.
        Path: string
    }

/// A content's file.
type internal BlobFile = { Digest: Digest; Path: string; Stamp: FileStamp }

/// Contents under their digests, in read-only files. Nothing is believed: a file is read through once per process and whenever its stamp has changed.
[<Sealed>]
type internal ContentStore =
    new: session: StoreSession * leases: Leases -> ContentStore

    /// Where a content is, or would be.
    member PathOf: digest: Digest -> string

    /// Whether a content is there with the right size; a glance that does not read it. The error says what is wrong; none inside means that it is missing.
    member Glance: digest: Digest * size: int64 -> Result<unit, string option>

    /// Whether a content is there and has its digest; otherwise as `Glance`.
    member Check: digest: Digest * size: int64 -> Result<unit, string option>

    /// Keeps a content. A broken file of its digest is replaced; a failure leaves nothing behind.
    member Put: content: Output * cancellation: CancellationToken -> StoredOutput

    /// Everything that is kept.
    static member All: store: string -> BlobFile list
