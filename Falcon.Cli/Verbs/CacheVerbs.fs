/// The store: what is in it, whether it is sound, and making room.
module Falcon.Cli.CacheVerbs

open System
open System.Globalization
open Argu
open Falcon
open Falcon.Experiments.Store

type CollectArgument =
    | [<Mandatory>] Max_Size of size: string

    interface IArgParserTemplate with
        member _.Usage = "what the store may take afterwards: bytes, or a number with KB, MB, GB or TB; 0 removes all that may go"

type PinArgument =
    | [<MainCommand; ExactlyOnce>] Name of name: string
    | [<Mandatory>] Cell of id: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Name _ -> "the name of the pin, for example that of a paper"
            | Cell _ ->
                "a cell to protect, with everything that it was made from: its id or key, or the beginning of one; repeat it for several"

type UnpinArgument =
    | [<MainCommand; ExactlyOnce>] Name of name: string

    interface IArgParserTemplate with
        member _.Usage = "the name of the pin"

type ProbeArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string
    | Processes of count: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Folder _ -> "a folder on the file system that the store is to be on; it is made when missing"
            | Processes _ ->
                "how many processes probe the folder at the same time, on as many machines: they wait for each other and compete; without it, as many as srun has started, else 1"

let private units = [ "TB", 1e12; "GB", 1e9; "MB", 1e6; "KB", 1e3; "B", 1.0; "", 1.0 ]

let private size (bytes: int64) =
    let unit, scale = units |> List.tryFind (fun (_, scale) -> float bytes >= scale) |> Option.defaultValue ("B", 1.0)
    let number = float bytes / scale

    let digits =
        if unit = "B" then
            number.ToString("F0", CultureInfo.InvariantCulture)
        else
            number.ToString("F1", CultureInfo.InvariantCulture)

    $"{digits} {unit}"

let private bytesOf (text: string) =
    let upper = text.Trim().ToUpperInvariant()
    let unit, scale = units |> List.find (fun (unit, _) -> upper.EndsWith(unit, StringComparison.Ordinal))

    match Double.TryParse(upper[.. upper.Length - unit.Length - 1], NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, number when number >= 0.0 && number * scale < 9e18 -> int64 (number * scale)
    | _ -> raise (InvalidInputException($"'{text}' is no size", "--max-size", "Give bytes, or a number with a unit, for example 20GB."))

let private list (session: Session) =
    StoreArgument.opened session (fun store ->
        let sizes, total, pins = Store.sizes store, Store.totalBytes store, Store.pins store

        if session.Options.Json then
            Json.object
                [ "folder", Json.text store.Folder
                  "bytes", Json.whole total
                  "stages",
                  Json.array
                      [ for stage in sizes ->
                            Json.object
                                [ "stage", Json.text stage.Stage
                                  "entries", Json.whole (int64 stage.Entries)
                                  "bytes", Json.whole stage.Bytes ] ]
                  "pins",
                  Json.array
                      [ for pin in pins -> Json.object [ "name", Json.text pin.Name; "results", Json.whole (int64 pin.Keys.Length) ] ] ]
            |> Json.write session
        else
            ConsoleTable.write
                session
                [ Left "stage"; Right "entries"; Right "size" ]
                [ for stage in sizes -> [ stage.Stage; string stage.Entries; size stage.Bytes ] ]

            session.Out.WriteLine $"{size total} in {store.Folder}"

            for pin in pins do
                session.Out.WriteLine $"pinned as {pin.Name}: {pin.Keys.Length} results"

        ExitCode.Fine)

let private verify (session: Session) =
    StoreArgument.opened session (fun store ->
        let found =
            Progress.track session "verifying" "B" (max 1L (Store.totalBytes store)) (fun report ->
                Store.verify store (fun read _ -> report read "") session.Cancellation)

        if session.Options.Json then
            Json.object
                [ "entries", Json.whole (int64 found.Entries)
                  "contents", Json.whole (int64 found.Blobs)
                  "bytes", Json.whole found.Bytes
                  "removed",
                  Json.array [ for path, problem in found.Dropped -> Json.object [ "file", Json.text path; "problem", Json.text problem ] ] ]
            |> Json.write session
        else
            session.Out.WriteLine
                $"{found.Entries} entries and {found.Blobs} contents ({size found.Bytes}) read, {found.Dropped.Length} broken"

            for path, problem in found.Dropped do
                session.Out.WriteLine $"removed, to be computed anew: {path}: {problem}"

        if found.Dropped.IsEmpty then ExitCode.Fine else ExitCode.SomeFailed)

let private collect (session: Session) (arguments: ParseResults<CollectArgument>) =
    let maxBytes = bytesOf (arguments.GetResult Max_Size)

    StoreArgument.opened session (fun store ->
        let report = Store.gc store maxBytes session.Cancellation

        if session.Options.Json then
            Json.object
                [ "freedBytes", Json.whole report.Freed
                  "keptBytes", Json.whole report.Kept
                  "entries", Json.whole (int64 report.Entries)
                  "contents", Json.whole (int64 report.Blobs)
                  "checkpoints", Json.whole (int64 report.Checkpoints)
                  "deadSessions", Json.whole (int64 report.Leftovers) ]
            |> Json.write session
        else
            session.Out.WriteLine
                $"freed {size report.Freed}: {report.Entries} entries, {report.Blobs} contents, {report.Checkpoints} checkpoints"

            session.Out.WriteLine $"{size report.Kept} left"

            if report.Kept > maxBytes then
                Session.warn session "the rest is pinned, or in use by a running process"

        ExitCode.Fine)

let private pin (session: Session) (arguments: ParseResults<PinArgument>) =
    StoreArgument.opened session (fun store ->
        let runs = [ for id in arguments.GetResults Cell -> RunsVerbs.one session store id ]
        let name = arguments.GetResult PinArgument.Name
        Store.pin store name [ for run in runs -> (Key.tryParse run.Key).Value ]
        session.Out.WriteLine $"pinned as {name}: {runs.Length} cells, with everything that they were made from"
        ExitCode.Fine)

let private unpin (session: Session) (arguments: ParseResults<UnpinArgument>) =
    StoreArgument.opened session (fun store ->
        let name = arguments.GetResult UnpinArgument.Name

        if not (Store.unpin store name) then
            raise (InvalidInputException("there is no such pin", name, "See 'falcon cache ls'."))

        session.Out.WriteLine $"{name} is not pinned any more"
        ExitCode.Fine)

/// As many as srun has started with this one.
let private started () =
    match Environment.GetEnvironmentVariable "SLURM_PROCID", Int32.TryParse(Environment.GetEnvironmentVariable "SLURM_STEP_NUM_TASKS") with
    | null, _
    | _, (false, _) -> 1
    | _, (true, count) -> max 1 count

let private probe (session: Session) (arguments: ParseResults<ProbeArgument>) =
    let folder = arguments.GetResult ProbeArgument.Folder
    let processes = arguments.TryGetResult Processes |> Option.defaultWith started

    if processes < 1 then
        raise (InvalidInputException($"{processes} processes are too few", "--processes", "Give at least 1."))

    let findings = StoreProbe.run folder processes session.Cancellation
    let isGood = findings |> List.forall _.IsGood

    if session.Options.Json then
        Json.object
            [ "folder", Json.text (IO.Path.GetFullPath folder)
              "good", Json.flag isGood
              "findings",
              Json.array
                  [ for finding in findings ->
                        Json.object [ "name", Json.text finding.Name; "good", Json.flag finding.IsGood; "seen", Json.text finding.Seen ] ] ]
        |> Json.write session
    else
        ConsoleTable.write
            session
            [ Left "what"; Left "result"; Left "seen" ]
            [ for finding in findings -> [ finding.Name; (if finding.IsGood then "good" else "BAD"); finding.Seen ] ]

        session.Out.WriteLine(
            if isGood then
                $"{folder} has what a store needs that several machines use"
            else
                $"{folder} does not have what a store needs: use another file system, or one machine"
        )

    if isGood then ExitCode.Fine else ExitCode.SomeFailed

let all =
    [ Verb.createPlain
          "cache ls"
          "shows what the stages of the store take, and what is pinned"
          "falcon cache ls"
          [ CommonOption.Json; CommonOption.Store ]
          list
      Verb.createPlain
          "cache verify"
          "reads the whole store and removes what is broken, to be computed anew"
          "falcon cache verify"
          [ CommonOption.Quiet; CommonOption.Json; CommonOption.Store ]
          verify
      Verb.create
          "cache gc"
          "removes leftovers and what was used least recently, never what is in use or pinned"
          "falcon cache gc --max-size 20GB"
          [ CommonOption.Json; CommonOption.Store ]
          collect
      Verb.create
          "cache pin"
          "protects cells from cache gc, with everything that they were made from"
          "falcon cache pin paper --cell mvtec-bottle-falcon-5shot-seed0"
          [ CommonOption.Store ]
          pin
      Verb.create
          "cache probe"
          "tries whether a file system has what a store needs that several machines use"
          "falcon cache probe /shared/falcon"
          [ CommonOption.Json ]
          probe
      Verb.create "cache unpin" "lifts a protection" "falcon cache unpin paper" [ CommonOption.Store ] unpin ]
