/// The cells that have run: a look into the run index.
module Falcon.Cli.RunsVerbs

open System
open System.Globalization
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Argu
open Falcon
open Falcon.Experiments
open Falcon.Metrics
open Falcon.Results
open Falcon.Cli.Validation

type ListArgument =
    | [<MainCommand; Unique>] Match of pattern: string
    | [<Unique>] Study of name: string

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Match _ -> "only these cells: the beginning of their ids or keys, or a pattern in which * stands for anything"
            | Study _ -> "only the cells of this study as it last ran"

type OneArgument =
    | [<MainCommand; ExactlyOnce>] Id of id: string

    interface IArgParserTemplate with
        member _.Usage = "a cell: its id or key, the beginning of one, or a pattern with *"

type TwoArgument =
    | [<MainCommand; ExactlyOnce>] Ids of first: string * second: string

    interface IArgParserTemplate with
        member _.Usage = "two cells: their ids or keys, the beginnings of them, or patterns with *"

type ExportArgument =
    | [<MainCommand; ExactlyOnce>] Id of id: string
    | Teacher of file: string
    | [<Mandatory>] Out of model: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Id _ -> "a cell: its id or key, the beginning of one, or a pattern with *"
            | Teacher _ ->
                "the teacher that it was trained with: a file, a name of 'falcon weights list', or random; without it, found among these"
            | Out _ -> "the model file to write, for falcon predict and falcon eval"

let private withIndex session store (action: RunIndex -> 'Result) =
    use index = RunIndex.openAt (Session.warn session) store
    action index

let one session store text =
    match withIndex session store (fun index -> RunIndex.find index text) with
    | [ run ] -> run
    | [] -> raise (InvalidInputException("no cell has such an id or key", text, "See 'falcon runs ls'."))
    | several ->
        let ids = several |> List.truncate 8 |> List.map (fun run -> $"{run.Id} ({run.Key[..9]})") |> String.concat ", "
        raise (InvalidInputException($"{several.Length} cells begin so", text, $"Give more of the id or of the key: {ids}."))

let private time (ended: DateTimeOffset) = ended.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)

let private seconds (result: CellResult) =
    let timings = result.Timings
    timings.Prepare + timings.Train + timings.Predict + timings.Evaluate

let private percent (value: MetricValue) =
    match Option.ofNullable value.Value with
    | Some value -> (100.0 * value).ToString("F1", CultureInfo.InvariantCulture)
    | None -> "–"

let private metricsOf (runs: Run list) =
    [ for run in runs do
          match run.Result with
          | Some result -> for value in result.Metrics -> value.Metric
          | None -> () ]
    |> List.distinct

/// The names of the studies that each key is a cell of.
let private studiesOf session =
    let runtime = { Runtime.local with Store = session.Options.Store }

    [ for study, results in Report.studies runtime do
          for key in Report.keys results -> key, study ]
    |> List.groupBy fst
    |> List.map (fun (key, studies) -> key, List.map snd studies)
    |> Map

let private toJson (studies: string list) (run: Run) =
    Json.object
        [ "id", Json.text run.Id
          "studies", Json.array (List.map Json.text studies)
          "key", Json.text run.Key
          "state", Json.text ((string run.State).ToLowerInvariant())
          "ended", Json.text (run.Ended.ToString("O", CultureInfo.InvariantCulture))
          match run.Result with
          | Some result -> "result", JsonNode.Parse(CellFolder.Json result)
          | None -> ()
          match run.Failure with
          | Some failure ->
              "message", Json.text failure.Message
              "log", Json.text failure.Story
          | None -> ()
          "training", (if run.Document = "" then null else JsonNode.Parse run.Document) ]

let private list session (arguments: ParseResults<ListArgument>) =
    StoreArgument.opened session (fun store ->
        let studies = studiesOf session
        let of' (run: Run) = Map.tryFind run.Key studies |> Option.defaultValue []

        match arguments.TryGetResult Study with
        | Some study when studies |> Map.forall (fun _ names -> not (List.contains study names)) ->
            let known = studies.Values |> Seq.concat |> Seq.distinct
            raise (InvalidInputException("there is no such study", $"--study {study}", NearestName.suggestion known study))
        | _ -> ()

        let runs =
            withIndex session store (fun index ->
                match arguments.TryGetResult Match with
                | Some name -> RunIndex.find index name
                | None -> RunIndex.runs index)
            |> List.filter (fun run -> arguments.TryGetResult Study |> Option.forall (fun study -> List.contains study (of' run)))

        if session.Options.Json then
            Json.write session (Json.array [ for run in runs -> toJson (of' run) run ])
        else
            let metrics = metricsOf runs

            let row (run: Run) =
                let values =
                    match run.Result with
                    | Some result ->
                        [ for metric in metrics -> result.Find metric |> Option.ofObj |> Option.map percent |> Option.defaultValue "" ]
                    | None -> [ for _ in metrics -> "" ]

                let took = run.Result |> Option.map (fun result -> $"{seconds result:F1} s") |> Option.defaultValue ""

                [ run.Id; String.Join(", ", of' run); (string run.State).ToLowerInvariant() ]
                @ values
                @ [ took; time run.Ended; run.Key[..9] ]

            let columns =
                [ Left "cell"; Left "study"; Left "state" ]
                @ [ for metric in metrics -> Right metric.Title ]
                @ [ Right "time"; Left "ended"; Left "key" ]

            ConsoleTable.write session columns (List.map row runs)

        ExitCode.Fine)

let private fields (run: Run) =
    [ "id", run.Id
      "key", run.Key
      "state", (string run.State).ToLowerInvariant()
      "ended", time run.Ended
      match run.Result with
      | None -> ()
      | Some result ->
          "method", result.Method.Title
          "data set", result.DataSet
          "category", result.Category
          "seed", string result.Seed
          "protocol", string result.Protocol

          for value in result.Metrics do
              value.Metric.Title, percent value

          let timings = result.Timings

          "time",
          $"{timings.Prepare:F2} s preparing, {timings.Train:F2} s training, {timings.Predict:F2} s scoring, {timings.Evaluate:F2} s measuring"

          use provenance = JsonSerializer.SerializeToDocument result.Provenance

          for item in provenance.RootElement.EnumerateObject() do
              item.Name, string item.Value
      match run.Failure with
      | Some failure -> "message", failure.Message
      | None -> () ]

let private show session (arguments: ParseResults<OneArgument>) =
    StoreArgument.opened session (fun store ->
        let run = one session store (arguments.GetResult OneArgument.Id)

        if session.Options.Json then
            Json.write session (toJson (Map.tryFind run.Key (studiesOf session) |> Option.defaultValue []) run)
        else
            ConsoleTable.write session [ Left "field"; Left "value" ] [ for name, value in fields run -> [ name; value ] ]

        ExitCode.Fine)

let private diff session (arguments: ParseResults<TwoArgument>) =
    StoreArgument.opened session (fun store ->
        let first, second = arguments.GetResult Ids
        let a, b = one session store first, one session store second
        let differences = RunComparison.differences a b

        if session.Options.Json then
            [ for difference in differences ->
                  Json.object
                      [ "what", Json.text difference.What
                        "first", Json.text difference.First
                        "second", Json.text difference.Second ] ]
            |> Json.array
            |> Json.write session
        elif differences.IsEmpty then
            session.Out.WriteLine "nothing differs"
        else
            ConsoleTable.write
                session
                [ Left "what"; Left a.Id; Left b.Id ]
                [ for difference in differences -> [ difference.What; difference.First; difference.Second ] ]

        ExitCode.Fine)

let private logs session (arguments: ParseResults<OneArgument>) =
    StoreArgument.opened session (fun store ->
        let run = one session store (arguments.GetResult OneArgument.Id)

        match run.Failure with
        | Some failure ->
            session.Out.WriteLine failure.Message
            session.Out.WriteLine()
            session.Out.WriteLine failure.Story
        | None ->
            let curves = StoredDetector.losses store run
            let epochs = if curves.Length = 0 then 0 else curves[0].Values.Count

            for epoch in 0 .. epochs - 1 do
                let losses = curves |> Array.map (fun curve -> $"{curve.Name} {curve.Values[epoch]:G5}") |> String.concat ", "
                session.Out.WriteLine $"epoch {epoch + 1}: {losses}"

        ExitCode.Fine)

let private reindex session =
    StoreArgument.opened session (fun store ->
        let count = RunIndex.rebuild store

        if session.Options.Json then
            Json.write session (Json.object [ "cells", Json.whole (int64 count) ])
        else
            session.Out.WriteLine $"{count} cells"

        ExitCode.Fine)

let private export session (arguments: ParseResults<ExportArgument>) =
    StoreArgument.opened session (fun store ->
        let run = one session store (arguments.GetResult ExportArgument.Id)
        let out = require (OutputPath.file OutputPath.model "--out" (arguments.GetResult Out))

        let weights =
            match arguments.TryGetResult Teacher, StoredDetector.teacher store run with
            | Some given, _ -> Compute.teacherWeights given
            | None, Some known -> Compute.weightsOf known
            | None, None ->
                raise (
                    InvalidInputException(
                        "was trained with a teacher that is none of 'falcon weights list'",
                        run.Id,
                        "Name its file: --teacher FILE."
                    )
                )

        let method = StoredDetector.method run
        use teacher = Compute.loadTeacher session method weights
        use detector = StoredDetector.load store run teacher
        let kept = OutputPath.keep session out detector.Save

        if session.Options.Json then
            Json.write session (Json.object [ "id", Json.text run.Id; "model", Json.text kept ])
        else
            session.Out.WriteLine $"model: {kept}"

        OutputPath.exitCode out kept)

let all =
    [ Verb.create
          "runs ls"
          "lists the cells that have run, the latest first"
          "falcon runs ls '*bottle*' --study first-run"
          [ CommonOption.Json; CommonOption.Store ]
          list
      Verb.create
          "runs show"
          "shows everything about a cell"
          "falcon runs show mvtec-bottle-falcon-5shot-seed0"
          [ CommonOption.Json; CommonOption.Store ]
          show
      Verb.create
          "runs diff"
          "shows only what differs between two cells: options, inputs, metrics, provenance"
          "falcon runs diff mvtec-bottle-falcon-5shot-seed0 mvtec-bottle-falcon-5shot-seed1"
          [ CommonOption.Json; CommonOption.Store ]
          diff
      Verb.create
          "runs logs"
          "shows why a cell failed, or its losses epoch by epoch"
          "falcon runs logs mvtec-bottle-falcon-5shot-seed0"
          [ CommonOption.Store ]
          logs
      Verb.create
          "runs export"
          "writes the detector that a cell has trained as a model file"
          "falcon runs export mvtec-bottle-falcon-5shot-seed0 --out bottle.falcon"
          [ CommonOption.Device; CommonOption.Json; CommonOption.Store; CommonOption.Extension ]
          export
      Verb.createPlain
          "runs reindex"
          "makes the run index anew from the store"
          "falcon runs reindex"
          [ CommonOption.Json; CommonOption.Store ]
          reindex ]
