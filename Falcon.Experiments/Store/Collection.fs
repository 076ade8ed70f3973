namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.IO

type Collection = { Entries: int; Blobs: int; Checkpoints: int; Leftovers: int; Freed: int64; Kept: int64 }

module Collection =
    /// How late another machine may see what a session has leased.
    let private lateness = TimeSpan.FromMinutes 2.0

    let private reserve store = Path.Combine(store, "reserve")

    let ensureReserve (session: StoreSession) =
        let path = reserve session.Store

        if not (File.Exists path) then
            try
                Durable.write (session.NewFile()) path (Array.zeroCreate (1 <<< 16))
            with :? IOException ->
                // The disk is full: there is nothing to put aside.
                ()

    /// The keys of pins with the keys of everything that they were made from, and the digests of the contents that they have and were made from.
    let private needed (store: string) (entries: Entry list) (pins: Pin list) =
        // Nothing is made of it without pins.
        let entries = if pins.IsEmpty then [] else entries
        let byKey = Dictionary [ for entry in entries -> KeyValuePair(entry.Key, entry) ]

        let makers =
            [ for entry in entries do
                  for output in entry.Outputs.Values -> output.Digest, entry.Key ]
            |> List.groupBy fst
            |> List.map (fun (digest, makers) -> KeyValuePair(digest, List.map snd makers))
            |> Dictionary

        let items = HashSet<string>()

        let rec need (key: Key) =
            if items.Add key.Hex then
                match byKey.TryGetValue key with
                | true, entry ->
                    for output in entry.Outputs.Values do
                        items.Add output.Digest.Hex |> ignore

                    let inputs =
                        match ActionCache.tryRead store entry.Stage key with
                        | Ok whole -> List.ofSeq whole.Call.Inputs.Values
                        | Error _ -> []

                    for input in inputs do
                        match input with
                        | ResultOf key -> need key
                        | Content digest ->
                            items.Add digest.Hex |> ignore
                            makers.GetValueOrDefault(digest, []) |> List.iter need
                | false, _ -> ()

        pins |> List.iter (fun pin -> List.iter need pin.Keys)
        items

    /// What is in the store while a collection has it to itself, and what has been removed so far.
    type private Sweeper(store: string, files: EntryFile list, blobs: BlobFile list, mayGo: string -> DateTimeOffset -> bool) =
        let remaining = Dictionary [ for blob in blobs -> KeyValuePair(blob.Digest, blob) ]
        let references = Dictionary<Digest, int>()

        let countOf digest =
            match references.TryGetValue digest with
            | true, count -> count
            | false, _ -> 0

        let digests (entry: Entry) = entry.Outputs.Values |> Seq.map _.Digest |> Seq.distinct

        do
            for file in files do
                match file.Entry with
                | Ok entry ->
                    for digest in digests entry do
                        references[digest] <- countOf digest + 1
                | Error _ -> ()

        let mutable entryCount, blobCount, checkpointCount = 0, 0, 0
        let mutable freed = 0L

        let removeBlob (blob: BlobFile) =
            if mayGo blob.Digest.Hex (FileStamp.modifiedAt blob.Stamp) then
                Durable.delete blob.Path
                remaining.Remove blob.Digest |> ignore
                blobCount <- blobCount + 1
                freed <- freed + blob.Stamp.Size

        let release digest =
            references[digest] <- countOf digest - 1

            match remaining.TryGetValue digest with
            | true, blob when countOf digest = 0 -> removeBlob blob
            | _ -> ()

        member _.RemoveEntry(file: EntryFile) =
            Durable.delete file.Path
            entryCount <- entryCount + 1
            freed <- freed + file.Stamp.Size

            match file.Entry with
            | Ok entry -> digests entry |> List.ofSeq |> List.iter release
            | Error _ -> ()

        member _.RemoveCheckpoint(checkpoint: CheckpointFolder) =
            Checkpoints.remove store checkpoint.Key
            freed <- freed + checkpoint.Bytes
            checkpointCount <- checkpointCount + 1

        member _.RemoveUnreferenced() =
            for blob in List.ofSeq remaining.Values do
                if countOf blob.Digest = 0 then removeBlob blob

        /// Whether an entry gives what it promises.
        member _.IsSound(file: EntryFile) =
            match file.Entry with
            | Ok entry -> digests entry |> Seq.forall remaining.ContainsKey
            | Error _ -> false

        member _.Freed = freed

        member _.Report leftovers kept =
            { Entries = entryCount
              Blobs = blobCount
              Checkpoints = checkpointCount
              Leftovers = leftovers
              Freed = freed
              Kept = kept - freed }

    /// Removes what a process has left that died right before its computation or right after it: an empty folder, or one whose result is there. Folders
    /// are used under the key's lock alone, so whoever has that may remove them.
    let private sweepCheckpoints (session: StoreSession) (isThere: Key -> bool) =
        for checkpoint in Checkpoints.all session.Store do
            if checkpoint.Bytes = 0L || isThere checkpoint.Key then
                Lock.tryAcquire session (Lock.path session.Store checkpoint.Key.Hex)
                |> Option.iter (fun right -> using right (fun _ -> Checkpoints.remove session.Store checkpoint.Key))

    let private sweep (session: StoreSession) (known: EntryFile list) maxBytes =
        let store = session.Store
        let leftovers = StoreSession.sweep store
        Lock.sweep session
        let files = ActionCache.outlines store known
        let blobs = ContentStore.All store
        let computed = HashSet [ for file in files -> file.Key ]
        sweepCheckpoints session computed.Contains
        let checkpoints = Checkpoints.all store
        let inUse = StoreSession.recorded store
        inUse.UnionWith(needed store (files |> List.choose (fun file -> Result.toOption file.Entry)) (Pins.all store))
        let now = DateTimeOffset.UtcNow
        let maySeeLate = StoreSession.areOthersAlive store

        let mayGo item (lastUse: DateTimeOffset) = not (inUse.Contains item) && not (maySeeLate && now - lastUse < lateness)

        let sweeper = Sweeper(store, files, blobs, mayGo)
        let removable = files |> List.filter (fun file -> mayGo file.Key.Hex (FileStamp.modifiedAt file.Stamp))
        let sound, unsound = removable |> List.partition sweeper.IsSound
        List.iter sweeper.RemoveEntry unsound
        sweeper.RemoveUnreferenced()

        let total = (files |> List.sumBy _.Stamp.Size) + (blobs |> List.sumBy _.Stamp.Size) + (checkpoints |> List.sumBy _.Bytes)

        let oldestFirst =
            [ for file in sound do
                  FileStamp.modifiedAt file.Stamp, (fun () -> sweeper.RemoveEntry file)

              for checkpoint in checkpoints do
                  if mayGo checkpoint.Key.Hex checkpoint.LastChange then
                      checkpoint.LastChange, (fun () -> sweeper.RemoveCheckpoint checkpoint) ]
            |> List.sortBy fst

        for _, remove in oldestFirst do
            if total - sweeper.Freed > maxBytes then remove ()

        sweeper.Report leftovers total

    let run (session: StoreSession) (leases: Leases) maxBytes cancellation =
        Durable.delete (reserve session.Store)
        // Most entries are read before anybody has to wait.
        let known = ActionCache.outlines session.Store []
        let report = using (leases.Collect cancellation) (fun _ -> sweep session known maxBytes)
        ensureReserve session
        report
