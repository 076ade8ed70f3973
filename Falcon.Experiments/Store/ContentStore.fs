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

type StoredOutput =
    {
        Digest: Digest
        Size: int64
        Path: string
    }

type BlobFile =
    {
        Digest: Digest
        Path: string
        Stamp: FileStamp
    }

[<Sealed>]
type ContentStore(session: Session, leases: Leases) =
    static let folder (store: string) = Path.Combine(store, "blobs")

    let blobs = folder session.Store
    let work = nonNull (Path.GetDirectoryName(session.NewFile()))
    let verified = ConcurrentDictionary<Digest, FileStamp>()

    let pathOf (digest: Digest) =
        Path.Combine(blobs, digest.Hex.Substring(0, 2), digest.Hex)

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
            if hasSettled then
                verified[digest] <- stamp

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

    let temporaryOf content =
        match content with
        | File path when isOwn path -> path, Digest.ofFile path
        | _ ->
            let temporary = session.NewFile()

            let write (target: Stream) =
                match content with
                | File path ->
                    use source = System.IO.File.OpenRead path
                    source.CopyTo target
                | Bytes bytes -> target.Write(bytes, 0, bytes.Length)
                | Written write -> write target

            try
                temporary, writeHashed temporary write
            with _ ->
                Durable.delete temporary
                reraise ()

    member _.PathOf digest = pathOf digest

    member _.Glance(digest, size) = glance digest size |> Result.map ignore

    member _.Check(digest, size) = check digest size

    member _.Put(content, cancellation) =
        let temporary, digest = temporaryOf content

        try
            let size = FileInfo(temporary).Length
            leases.Take(digest.Hex, cancellation)

            match check digest size with
            | Ok() -> Durable.delete temporary
            | Error None -> Durable.publish temporary (pathOf digest)
            | Error(Some _) ->
                // Nobody may be about to remove the broken file.
                using (leases.Collect cancellation) (fun _ -> Durable.publish temporary (pathOf digest))

            {
                StoredOutput.Digest = digest
                Size = size
                Path = pathOf digest
            }
        with _ ->
            Durable.delete temporary
            reraise ()

    static member All store =
        [
            for file in Durable.files (folder store) do
                match Digest.tryParse file.Name, FileStamp.tryRead file.FullName with
                | Some digest, ValueSome stamp ->
                    {
                        Digest = digest
                        Path = file.FullName
                        Stamp = stamp
                    }
                | _ -> ()
        ]
