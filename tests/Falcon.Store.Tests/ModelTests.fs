module Falcon.Store.Tests.ModelTests

open System
open System.IO
open System.Threading
open FsCheck
open FsCheck.FSharp
open Expecto
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

type Step =
    | Run of number: int
    | FlipContent of number: int
    | TruncateContent of number: int
    | RemoveContent of number: int
    | FlipEntry of number: int
    | RemoveEntry of number: int
    | Pin of number: int
    | Unpin of number: int
    | Reopen
    | Verify
    | Collect of maxBytes: int

type Blob =
    | Sound
    | Flipped
    | Truncated

/// The obviously right store: a map of entries with the time of their last use, and a map of contents.
type Model =
    { Entries: Map<int, bool * int>
      Blobs: Map<string, Blob>
      Pins: Set<int>
      InUse: Set<int>
      BlobsInUse: Set<string>
      Now: int }

let private square number = { Number = number; Bytes = 500 }

let private contents number = [ content (square number); text (square number) ]

let private name (content: byte array) = (Digest.ofBytes content).Hex

let private blobs number = contents number |> List.map name

let private sizes =
    Map
        [ for number in 0..7 do
              for content in contents number -> name content, content.LongLength ]

let private isThere model number = blobs number |> List.forall model.Blobs.ContainsKey

let private isSound model number =
    match Map.tryFind number model.Entries with
    | Some(true, _) -> blobs number |> List.forall (fun blob -> Map.tryFind blob model.Blobs = Some Sound)
    | _ -> false

let private run model number =
    let added = if isSound model number then [] else [ for blob in blobs number -> blob, Sound ]

    { model with
        Model.Entries = Map.add number (true, model.Now) model.Entries
        Blobs = List.fold (fun blobs (blob, state) -> Map.add blob state blobs) model.Blobs added
        InUse = Set.add number model.InUse
        BlobsInUse = Set.union model.BlobsInUse (set (blobs number))
        Now = model.Now + 1 }

let private withoutOrphans model =
    let referenced =
        set
            [ for entry in model.Entries do
                  if fst entry.Value then yield! blobs entry.Key ]

    { model with
        Model.Blobs = model.Blobs |> Map.filter (fun blob _ -> referenced.Contains blob || model.BlobsInUse.Contains blob) }

let private total (entrySize: int -> int64) model =
    let blobSize blob state =
        match state with
        | Truncated -> sizes[blob] / 2L
        | Sound
        | Flipped -> sizes[blob]

    (model.Entries |> Map.toSeq |> Seq.sumBy (fst >> entrySize))
    + (model.Blobs |> Map.toSeq |> Seq.sumBy (fun (blob, state) -> blobSize blob state))

let private collect entrySize maxBytes model =
    let mayGo number = not (model.Pins.Contains number || model.InUse.Contains number)

    let rec shrink model =
        let oldest = model.Entries |> Map.toList |> List.filter (fst >> mayGo) |> List.sortBy (snd >> snd)

        match oldest with
        | (number, _) :: _ when total entrySize model > maxBytes ->
            shrink (withoutOrphans { model with Model.Entries = Map.remove number model.Entries })
        | _ -> model

    let entries =
        model.Entries
        |> Map.filter (fun number (isReadable, _) -> not (mayGo number) || (isReadable && isThere model number))

    { model with Model.Entries = entries } |> withoutOrphans |> shrink

let private verify model =
    let model = { model with Model.Blobs = model.Blobs |> Map.filter (fun _ state -> state = Sound) }

    { model with
        Model.Entries = model.Entries |> Map.filter (fun number (isReadable, _) -> isReadable && isThere model number) }

/// The real store beside the model. The time of the model is written into the entries' files.
type private Pair(folder: string) =
    let mutable store = Store.openAt folder

    let mutable model =
        { Entries = Map.empty
          Blobs = Map.empty
          Pins = Set.empty
          InUse = Set.empty
          BlobsInUse = Set.empty
          Now = 0 }

    let entry number = entryPath folder (square number)
    let date time = DateTime(2020, 1, 1).AddHours(float time)

    let damage number state (action: string -> unit) =
        let blob = name (content (square number))

        if Map.tryFind blob model.Blobs = Some Sound then
            action (blobPath folder (content (square number)))
            model <- { model with Model.Blobs = model.Blobs |> Map.change blob (fun _ -> state) }

    let runBoth number =
        let expected = if isSound model number then Found else Computed NotComputed

        let origin =
            match (getOrRun store (square number)).Origin with
            | Found -> Found
            | Computed _ -> Computed NotComputed

        let wasUsedNow = DateTime.UtcNow - File.GetLastWriteTimeUtc(entry number) < TimeSpan.FromMinutes 1.0
        model <- run model number
        File.SetLastWriteTimeUtc(entry number, date (model.Now - 1))
        origin = expected && wasUsedNow

    let collectBoth maxBytes =
        let entrySize number = FileInfo(entry number).Length
        let expected = collect entrySize maxBytes model
        let kept = total entrySize expected
        let report = Store.gc store maxBytes CancellationToken.None
        model <- expected
        report.Kept = kept

    let verifyBoth () =
        let expected = verify model
        let dropped = (Store.verify store (fun _ _ -> ()) CancellationToken.None).Dropped.Length
        let isRight = dropped = model.Blobs.Count - expected.Blobs.Count + model.Entries.Count - expected.Entries.Count
        model <- expected
        isRight

    let perform step =
        match step with
        | Run number -> runBoth number
        | Collect maxBytes -> collectBoth (int64 maxBytes)
        | Verify -> verifyBoth ()
        | FlipContent number ->
            damage number (Some Flipped) (fun path -> flipBit path 77L)
            true
        | TruncateContent number ->
            damage number (Some Truncated) (fun path -> truncate path 250L)
            true
        | RemoveContent number ->
            damage number None File.Delete
            true
        | FlipEntry number ->
            match Map.tryFind number model.Entries with
            | Some(true, time) ->
                flipBit (entry number) 99L
                File.SetLastWriteTimeUtc(entry number, date time)
                model <- { model with Model.Entries = Map.add number (false, time) model.Entries }
            | _ -> ()

            true
        | RemoveEntry number ->
            if model.Entries.ContainsKey number then
                File.Delete(entry number)
                model <- { model with Model.Entries = Map.remove number model.Entries }

            true
        | Pin number ->
            if Map.tryFind number model.Entries |> Option.exists fst then
                Store.pin store (string number) [ (call (square number)).Key ]
                // A process that pins holds what it pins until it ends.
                model <- { model with Pins = Set.add number model.Pins; InUse = Set.add number model.InUse }

            true
        | Unpin number ->
            let wasThere = Store.unpin store (string number)
            let expected = model.Pins.Contains number
            model <- { model with Pins = Set.remove number model.Pins }
            wasThere = expected
        | Reopen ->
            (store :> IDisposable).Dispose()
            store <- Store.openAt folder
            model <- { model with InUse = Set.empty; BlobsInUse = Set.empty }
            true

    /// Whether files and listings are those of the model.
    let isSame () =
        let files = Directory.GetFiles(Path.Combine(folder, "blobs"), "*", SearchOption.AllDirectories)
        let readable = set [ for stored in Store.entries store -> stored.Entry.Key ]

        let expected =
            set
                [ for entry in model.Entries do
                      if fst entry.Value then (call (square entry.Key)).Key ]

        set [ for file in files -> string (Path.GetFileName file) ] = set model.Blobs.Keys
        && readable = expected
        && Seq.forall (fun number -> File.Exists(entry number) = model.Entries.ContainsKey number) [ 0..7 ]

    member _.Perform step = perform step && isSame ()

    interface IDisposable with
        member _.Dispose() = (store :> IDisposable).Dispose()

let private steps =
    let number step = Gen.choose (0, 7) |> Gen.map step

    Gen.frequency
        [ 8, number Run
          2, number FlipContent
          1, number TruncateContent
          1, number RemoveContent
          1, number FlipEntry
          1, number RemoveEntry
          1, number Pin
          1, number Unpin
          2, Gen.constant Reopen
          1, Gen.constant Verify
          3, Gen.choose (0, 8000) |> Gen.map Collect ]
    |> Gen.listOfLength 40

[<Tests>]
let tests =
    testList
        "Store model"
        [ testPropertyWithConfig
              { FsCheckConfig.defaultConfig with maxTest = 40 }
              "any sequence of runs, damages, pins, collections and verifications leaves what the obvious model has"
              (Prop.forAll (Arb.fromGen steps) (fun steps ->
                  use folder = Scratch.Folder.InMemory()
                  use pair = new Pair(folder.Path)
                  steps |> List.forall pair.Perform)) ]
