module Falcon.Cli.DataVerbs

open Argu
open Falcon
open Falcon.Data
open Falcon.DrawnData

type SynthArgument =
    | [<Mandatory>] Out of folder: string
    | Seed of number: int64
    | Size of pixels: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "the folder of the data set: missing, empty, or holding this very set"
            | Seed _ -> "equal seeds give equal pixels; default: 0"
            | Size _ -> "width and height of every image; default: 256"

type CheckArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string
    | Category of name: string
    | Shots of count: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Folder _ -> "a data set, one category of it, or a folder of photos"
            | Category _ -> "one category; all of them by default"
            | Shots _ -> "how many good images a run will want; default: 1"

/// Parts and their defects cannot be told apart in smaller images.
let private smallest = 64

let private synth session (arguments: ParseResults<SynthArgument>) =
    let out = arguments.GetResult Out
    let size = arguments.GetResult(Size, defaultValue = 256)

    if size < smallest then
        raise (InvalidInputException($"{size} pixels are too few", "--size", $"Give at least {smallest}."))

    let options = DrawnDataOptions(arguments.GetResult(Seed, defaultValue = 0L), size)

    Progress.track session "drawing" "%" 100L (fun report ->
        let progress = Progress.onReport (fun (share: float) -> report (int64 (100.0 * share)) "")
        DrawnDataSet.Write(out, options, progress, session.Options.Threads, session.Cancellation))

    let categories = (DataFolder.Detect out).Categories

    if session.Options.Json then
        Json.write session (Json.object [ "folder", Json.text out; "categories", categories |> Seq.map Json.text |> Json.array ])
    else
        let names = categories |> String.concat ", "
        session.Out.WriteLine $"{names} in {out}"

    ExitCode.Fine

let private findingsToJson (findings: Finding seq) =
    findings
    |> Seq.map (fun finding ->
        Json.object [ "what", Json.text finding.What; "where", Json.text finding.Where; "fix", Json.text finding.Fix ])
    |> Json.array

let private toJson (category: Category, report: DataReport) =
    let anomalous = category.TestImages |> Seq.filter _.IsAnomalous |> Seq.length

    Json.object
        [ "dataSet", Json.text category.DataSet
          "category", Json.text category.Name
          "train", Json.whole category.TrainImages.Count
          "testGood", Json.whole (int64 (category.TestImages.Count - anomalous))
          "testAnomalous", Json.whole (int64 anomalous)
          "errors", findingsToJson report.Errors
          "warnings", findingsToJson report.Warnings ]

let private row (category: Category, report: DataReport) =
    let count predicate = category.TestImages |> Seq.filter predicate |> Seq.length |> string

    [ category.Name
      string category.TrainImages.Count
      count (fun image -> not image.IsAnomalous)
      count _.IsAnomalous
      count (fun image -> not (isNull image.MaskPath))
      string report.Errors.Count
      string report.Warnings.Count ]

let private check session (arguments: ParseResults<CheckArgument>) =
    let source = DataFolder.Detect(arguments.GetResult Folder)

    let names =
        arguments.TryGetResult Category
        |> Option.map List.singleton
        |> Option.defaultValue (List.ofSeq source.Categories)

    let reports =
        [ for name in names do
              let category = source.Open name
              let needs = DataNeeds(arguments.GetResult(Shots, defaultValue = 1), category.TestImages.Count > 0)
              category, DataCheck.Find(category, needs, session.Options.Threads, session.Cancellation) ]

    if session.Options.Json then
        Json.write session (reports |> List.map toJson |> Json.array)
    else
        Table.write
            session
            [ Left "category"
              Right "train"
              Right "test good"
              Right "anomalous"
              Right "masks"
              Right "errors"
              Right "warnings" ]
            (List.map row reports)

        for _, report in reports do
            for warning in report.Warnings do
                Session.warn session (string warning)

    match reports |> List.collect (fun (_, report) -> List.ofSeq report.Errors) with
    | [] -> ExitCode.Fine
    | errors -> raise (InvalidInputException(Array.ofList errors))

let all =
    [ Verb.create
          "data synth"
          "draws a data set of three categories with defects and masks"
          "falcon data synth --out data/drawn --seed 7 --size 256"
          [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json ]
          synth
      Verb.create
          "data check"
          "looks for everything in a data set that would break or spoil a run"
          "falcon data check data/mvtec --category bottle --shots 5"
          [ CommonOption.Threads; CommonOption.Json ]
          check ]
