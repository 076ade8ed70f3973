namespace Falcon.Experiments.Store

open System.Collections.Generic
open System.IO
open System.Threading
open Falcon

type Verification = { Blobs: int; Bytes: int64; Entries: int; Dropped: (string * string) list }

module Verification =
    let private blobProblem (blob: BlobFile) =
        try
            if Digest.ofFile blob.Path = blob.Digest then None else Some "its content does not fit its digest"
        with :? InvalidInputException as error ->
            if File.Exists blob.Path then Some error.Findings[0].What else None

    let private entryProblem (sizes: IReadOnlyDictionary<Digest, int64>) (file: EntryFile) =
        match file.Entry with
        | Error problem -> Some problem
        | Ok entry ->
            entry.Outputs
            |> Map.tryFindKey (fun _ output -> sizes.GetValueOrDefault(output.Digest, -1L) <> output.Size)
            |> Option.map (fun name -> $"its output '{name}' is missing")

    let private drop path problem =
        problem
        |> Option.map (fun problem ->
            Durable.delete path
            path, problem)

    let run (session: StoreSession) (leases: Leases) progress (cancellation: CancellationToken) =
        let blobs = ContentStore.All session.Store
        let total = blobs |> List.sumBy _.Stamp.Size
        let mutable bytes = 0L

        let suspects =
            [ for blob in blobs do
                  cancellation.ThrowIfCancellationRequested()

                  if (blobProblem blob).IsSome then blob

                  bytes <- bytes + blob.Stamp.Size
                  progress bytes total ]

        use _ = leases.Collect cancellation
        // What was broken may have been replaced by now.
        let droppedBlobs = suspects |> List.choose (fun blob -> drop blob.Path (blobProblem blob))
        // Entries are listed before contents: the contents of an entry are there before the entry is.
        let entries = ActionCache.outlines session.Store []
        let sizes = Dictionary [ for blob in ContentStore.All session.Store -> KeyValuePair(blob.Digest, blob.Stamp.Size) ]
        let droppedEntries = entries |> List.choose (fun file -> drop file.Path (entryProblem sizes file))

        { Blobs = blobs.Length; Bytes = bytes; Entries = entries.Length; Dropped = droppedBlobs @ droppedEntries }
