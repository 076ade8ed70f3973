namespace Falcon.Experiments.Store

open System
open System.Collections.Concurrent
open System.IO
open System.Security.Cryptography
open Falcon

type Output =
    | File of path: string
    | Bytes of byte array
    | Written of (Stream -> unit)

type StoredOutput = { Digest: Digest; Size: int64; Path: string }

type BlobFile = { Digest: Digest; Path: string; Stamp: FileStamp }

[<Sealed>]
type ContentStore(session: StoreSession, leases: Leases) =
    static let folder (store: string) = Path.Combine(store, "blobs")

    let blobs = folder session.Store
    let work = nonNull (Path.GetDirectoryName(session.NewFile()))
    let verified = ConcurrentDictionary<Digest, FileStamp>()

    let pathOf (digest: Digest) = Path.Combine(blobs, digest.Hex.Substring(0, 2), digest.Hex)

    let glance digest size =
        match FileStamp.tryRead (pathOf digest) with
        | ValueNone -> Error None
        | ValueSome stamp when stamp.Size <> size -> Error(Some $"it has {stamp.Size} bytes instead of {size}")
        | ValueSome stamp -> Ok stamp

    let read digest (stamp: FileStamp) =
        let hasSettled = FileStamp.hasSettled stamp

        let actual =
            try
                Ok(Digest.ofFile (pathOf digest))
            with :? InvalidInputException as error ->
                Error(Some error.Findings[0].What)

        match actual with
        | Error problem -> Error problem
        | Ok actual when actual <> digest -> Error(Some "its content does not fit its digest")
        | Ok _ ->
            if hasSettled then verified[digest] <- stamp

            Ok()

    let check digest size =
        match glance digest size with
        | Error problem -> Error problem
        | Ok stamp ->
            match verified.TryGetValue digest with
            | true, earlier when earlier = stamp -> Ok()
            | _ -> read digest stamp

    let writeHashed (temporary: string) (write: Stream -> unit) =
        use sha256 = SHA256.Create()

        using (Durable.create temporary) (fun file ->
            use hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write)
            write hashing)

        (Digest.tryParse (Convert.ToHexStringLower(nonNull sha256.Hash))).Value

    let isOwn (path: string) =
        Path.GetFullPath(path).StartsWith(work + string Path.DirectorySeparatorChar, StringComparison.Ordinal)

    let temporaryFor content =
        match content with
        | File path when isOwn path -> path
        | _ -> session.NewFile()

    /// Writes a content to its temporary file, unless it is that file.
    let write (temporary: string) content =
        match content with
        | File path when path = temporary -> Digest.ofFile path
        | File path ->
            use source = System.IO.File.OpenRead path
            writeHashed temporary source.CopyTo
        | Bytes bytes ->
            using (Durable.create temporary) (fun file -> file.Write(bytes, 0, bytes.Length))
            Digest.ofBytes bytes
        | Written write -> writeHashed temporary write

    member _.PathOf digest = pathOf digest

    member _.Glance(digest, size) = glance digest size |> Result.map ignore

    member _.Check(digest, size) = check digest size

    member _.Put(content, cancellation) =
        let temporary = temporaryFor content

        try
            let digest = write temporary content
            let size = FileInfo(temporary).Length
            leases.Take(digest.Hex, cancellation)

            match check digest size with
            | Ok() -> Durable.delete temporary
            | Error None -> Durable.publish temporary (pathOf digest)
            | Error(Some _) ->
                // Nobody may be about to remove the broken file.
                using (leases.Collect cancellation) (fun _ -> Durable.publish temporary (pathOf digest))

            { StoredOutput.Digest = digest; Size = size; Path = pathOf digest }
        with _ ->
            Durable.delete temporary
            reraise ()

    static member All store =
        [ for path, stamp in Durable.files (folder store) do
              match Digest.tryParse (nonNull (Path.GetFileName path)) with
              | Some digest -> { Digest = digest; Path = path; Stamp = stamp }
              | None -> () ]
