namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text
open System.Threading
open Falcon

type Workspace = { Folder: string; Checkpoints: string; Cancellation: CancellationToken; mutable Earlier: float }

type Origin =
    | Found
    | Computed of reason: Miss

type StageResult = { Key: Key; Outputs: Map<string, StoredOutput>; Seconds: float; Origin: Origin }

type StoredEntry = { Entry: Entry; LastUse: DateTimeOffset }

type StageSize = { Stage: string; Entries: int; Bytes: int64 }

[<Sealed>]
type Store(session: StoreSession) =
    let leases = Leases session
    let contents = ContentStore(session, leases)

    member internal _.Session = session
    member internal _.Leases = leases
    member internal _.Contents = contents
    member _.Folder = session.Store
    member val FileDigests = FileDigests session

    interface IDisposable with
        member _.Dispose() = (session :> IDisposable).Dispose()

module Store =
    let private variable = "FALCON_STORE"
    let private version = 1

    let location experiments =
        match Environment.GetEnvironmentVariable variable with
        | null
        | "" -> Path.Combine(experiments, ".falcon")
        | folder -> folder

    let private versionText = $"falcon store {version}\n"

    let private checkVersion (path: string) =
        match Durable.tryRead path |> Option.map Encoding.UTF8.GetString with
        | Some text when text = versionText -> true
        | Some text ->
            match text.Trim().Split ' ' with
            | [| "falcon"; "store"; number |] when fst (Int32.TryParse number) && Int32.Parse number > version ->
                raise (
                    InvalidInputException(
                        $"the store has format {number}, this version of Falcon reads format {version}",
                        path,
                        $"Update Falcon, or let {variable} name another folder."
                    )
                )
            | _ ->
                raise (
                    InvalidInputException(
                        "this is no store of Falcon, or its VERSION file is broken",
                        path,
                        $"Let {variable} name another folder, or restore the line '{versionText.TrimEnd()}'."
                    )
                )
        | None -> false

    let private make (folder: string) =
        let versionFile = Path.Combine(folder, "VERSION")
        let isThere = checkVersion versionFile

        for name in [ "actions"; "blobs"; "checkpoints"; "digests"; "locks"; "pins"; "sessions"; "work" ] do
            Directory.CreateDirectory(Path.Combine(folder, name)) |> ignore

        let session = new StoreSession(folder)

        if not isThere then
            Durable.write (session.NewFile()) versionFile (Encoding.UTF8.GetBytes versionText)
            Collection.ensureReserve session

        StoreSession.sweep folder |> ignore
        new Store(session)

    let openAt (folder: string) =
        let folder = Path.GetFullPath folder

        try
            Durable.reportingFullDisk folder (fun () -> make folder)
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            raise (
                InvalidInputException(
                    $"the store cannot be opened ({error.Message})",
                    folder,
                    $"Let {variable} name a folder that you may write to."
                )
            )

    let private lookUp (check: OutputName -> Result<unit, string option>) (store: Store) (call: StageCall) =
        let miss name output =
            match check output with
            | Ok() -> None
            | Error None -> Some(MissingOutput name)
            | Error(Some problem) -> Some(BrokenOutput(name, problem))

        match ActionCache.tryRead store.Folder call.Stage call.Key with
        | Error miss -> Error miss
        | Ok entry ->
            match Map.tryPick miss entry.Outputs with
            | Some miss -> Error miss
            | None -> Ok entry

    let private found (store: Store) (entry: Entry) =
        let stored (output: OutputName) : StoredOutput =
            { Digest = output.Digest; Size = output.Size; Path = store.Contents.PathOf output.Digest }

        { Key = entry.Key
          Outputs = entry.Outputs |> Map.map (fun _ output -> stored output)
          Seconds = entry.Seconds
          Origin = Found }

    let private findLeased (store: Store) cancellation (call: StageCall) =
        let check (output: OutputName) =
            store.Leases.Take(output.Digest.Hex, cancellation)
            store.Contents.Check(output.Digest, output.Size)

        store.Leases.Take(call.Key.Hex, cancellation)

        match lookUp check store call with
        | Ok entry ->
            ActionCache.touch store.Folder call.Stage call.Key
            Ok(found store entry)
        | Error miss -> Error miss

    let tryFind (store: Store) call = Durable.reportingFullDisk store.Folder (fun () -> findLeased store CancellationToken.None call)

    let probe (store: Store) call = lookUp (fun output -> store.Contents.Glance(output.Digest, output.Size)) store call

    let computing (store: Store) (call: StageCall) =
        Lock.holder store.Folder (Lock.path store.Folder call.Key.Hex) |> Option.map Owner.describe

    let private keep (store: Store) (call: StageCall) miss seconds (outputs: (string * Output) list) =
        let stored = Map [ for name, content in outputs -> name, store.Contents.Put(content, CancellationToken.None) ]

        if stored.IsEmpty || stored.Count < outputs.Length then
            invalidOp $"the stage '{call.Stage}' gave no content, or two of one name"

        let names = stored |> Map.map (fun _ output -> { Digest = output.Digest; Size = output.Size }: OutputName)
        let write () = ActionCache.write store.Session call names seconds

        // Nobody may be about to remove the entry that is replaced.
        if miss = NotComputed then
            write ()
        else
            using (store.Leases.Collect CancellationToken.None) (fun _ -> write ())

        Checkpoints.remove store.Folder call.Key
        stored

    let private run (store: Store) cancellation (missing: (StageCall * Miss) list) compute =
        let calls = List.map fst missing

        let workspace =
            { Folder = store.Session.NewFolder()
              Checkpoints = Checkpoints.folder store.Folder calls.Head.Key
              Cancellation = cancellation
              Earlier = 0.0 }

        try
            let watch = Stopwatch.StartNew()
            let outputs = compute calls workspace
            let seconds = (watch.Elapsed.TotalSeconds + workspace.Earlier) / float calls.Length

            List.map2
                (fun (call: StageCall, miss) outputs ->
                    { Key = call.Key; Outputs = keep store call miss seconds outputs; Seconds = seconds; Origin = Computed miss })
                missing
                outputs
        finally
            Durable.deleteFolder workspace.Folder
            Checkpoints.removeEmpty store.Folder calls.Head.Key

    /// What is found, and what is missing with the reason.
    let private findAll store cancellation calls =
        calls
        |> List.map (fun call -> call, findLeased store cancellation call)
        |> List.partitionWith (fun (call, found) ->
            match found with
            | Ok result -> Choice1Of2 result
            | Error miss -> Choice2Of2(call, miss))

    /// Locks are taken in one order everywhere, so that nobody waits in a circle.
    let private withLocks (store: Store) cancellation (calls: StageCall list) action =
        let locks = List<IDisposable>()

        try
            for call in calls |> List.distinctBy _.Key |> List.sortBy _.Key.Hex do
                locks.Add(Lock.acquire store.Session (Lock.path store.Folder call.Key.Hex) cancellation)

            action ()
        finally
            for taken in locks do
                taken.Dispose()

    let getOrRunAll (store: Store) cancellation (calls: StageCall list) compute =
        Durable.reportingFullDisk store.Folder (fun () ->
            let found, missing = findAll store cancellation calls

            let others =
                if missing.IsEmpty then
                    []
                else
                    withLocks store cancellation (List.map fst missing) (fun () ->
                        let wanted = missing |> List.map fst |> List.distinctBy _.Key
                        let found, missing = findAll store cancellation wanted
                        if missing.IsEmpty then found else found @ run store cancellation missing compute)

            let byKey = Dictionary [ for result in found @ others -> KeyValuePair(result.Key, result) ]
            [ for call in calls -> byKey[call.Key] ])

    let getOrRun store cancellation call compute =
        getOrRunAll store cancellation [ call ] (fun _ workspace -> [ compute workspace ]) |> List.head

    let alias (store: Store) (call: StageCall) (result: StageResult) =
        let names = result.Outputs |> Map.map (fun _ output -> { Digest = output.Digest; Size = output.Size }: OutputName)

        Durable.reportingFullDisk store.Folder (fun () ->
            match findLeased store CancellationToken.None call with
            | Ok _ -> ()
            | Error NotComputed -> ActionCache.write store.Session call names result.Seconds
            | Error _ ->
                using (store.Leases.Collect CancellationToken.None) (fun _ -> ActionCache.write store.Session call names result.Seconds))

    let private stored (files: EntryFile list) =
        files
        |> List.choose (fun file ->
            match file.Entry with
            | Ok entry -> Some { Entry = entry; LastUse = FileStamp.modifiedAt file.Stamp }
            | Error _ -> None)
        |> List.sortByDescending _.LastUse

    let entries (store: Store) = stored (ActionCache.all store.Folder)

    let entriesOf (store: Store) stage = stored (ActionCache.ofStage store.Folder stage)

    /// What counts of an entry: whether it is by recipe, what tells the application, its contents.
    type private Counted = { IsRecipe: bool; Record: Digest; Outputs: Map<string, OutputName> }

    let private bytes (entries: Counted list) =
        entries |> Seq.collect (fun entry -> entry.Outputs.Values) |> Seq.distinct |> Seq.sumBy _.Size

    /// A result that was made of other results stands under two keys, by its recipe and by their contents: it counts once.
    let private results (entries: Counted list) =
        entries
        |> List.groupBy (fun entry -> entry.Record, entry.Outputs)
        |> List.sumBy (fun (_, same) ->
            let recipes, others = List.partition _.IsRecipe same
            if others.IsEmpty then recipes.Length else others.Length)

    let sizes (store: Store) =
        let count (entry: Entry) _ =
            let call = entry.Call

            Some
                { IsRecipe = call.Inputs.Values |> Seq.exists _.IsResultOf
                  Record = Digest.ofBytes (Encoding.UTF8.GetBytes call.Record.Text)
                  Outputs = entry.Outputs }

        [ for stage in ActionCache.stages store.Folder do
              match ActionCache.choose store.Folder stage Int32.MaxValue count with
              | [] -> ()
              | entries -> { Stage = stage; Entries = results entries; Bytes = bytes entries } ]
        |> List.sortByDescending _.Bytes

    let totalBytes (store: Store) = ContentStore.All store.Folder |> List.sumBy _.Stamp.Size

    let verify (store: Store) progress cancellation = Verification.run store.Session store.Leases progress cancellation

    let gc (store: Store) maxBytes cancellation =
        Durable.reportingFullDisk store.Folder (fun () -> Collection.run store.Session store.Leases maxBytes cancellation)

    let pin (store: Store) name keys =
        for key: Key in keys do
            store.Leases.Take(key.Hex, CancellationToken.None)

        let known = set [ for stored in entries store -> stored.Entry.Key ]

        match
            [ for key in keys do
                  if not (known.Contains key) then
                      Finding("is not in the store", $"key {key}", "See the keys with falcon cache ls.") ]
        with
        | [] -> Durable.reportingFullDisk store.Folder (fun () -> Pins.write store.Session { Name = name; Keys = keys })
        | findings -> raise (InvalidInputException(List.toArray findings))

    let unpin (store: Store) name = Pins.remove store.Folder name

    let pins (store: Store) = Pins.all store.Folder
