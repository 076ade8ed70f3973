/// Looks for everything in a data set that would break or spoil a run.
module Falcon.Cli.DataCheckVerb

open Argu
open Falcon
open Falcon.Data
open Falcon.Experiments
open Falcon.Cli.CategoryCounts

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

let private checkToJson (checked': Inspected) =
    let category, report = checked'.Category, checked'.Report

    Json.object
        [ "dataSet", Json.text category.DataSet
          "category", Json.text category.Name
          "train", Json.whole category.TrainImages.Count
          "testGood", Json.whole (int64 (good category))
          "testAnomalous", Json.whole (int64 (anomalous category))
          "errors", findingsToJson report.Errors
          "warnings", findingsToJson report.Warnings ]

let private checkRow (checked': Inspected) =
    let category, report = checked'.Category, checked'.Report

    [ category.Name
      string category.TrainImages.Count
      string (good category)
      string (anomalous category)
      string (masks category)
      string report.Errors.Count
      string report.Warnings.Count ]

let private check session (arguments: ParseResults<CheckArgument>) =
    let source = DataFolder.Detect(arguments.GetResult CheckArgument.Folder)

    let names =
        arguments.TryGetResult Category
        |> Option.map List.singleton
        |> Option.defaultValue (List.ofSeq source.Categories)

    let look store name =
        let category = source.Open name
        let needs = DataNeeds(arguments.GetResult(Shots, defaultValue = 1), category.TestImages.Count > 0)
        Inspection.check store session.Options.Threads session.Cancellation category needs

    let checked' = each session names look

    if session.Options.Json then
        Json.write session (checked' |> List.map checkToJson |> Json.array)
    else
        ConsoleTable.write
            session
            [ Left "category"
              Right "train"
              Right "test good"
              Right "anomalous"
              Right "masks"
              Right "errors"
              Right "warnings" ]
            (List.map checkRow checked')

        for category in checked' do
            for warning in category.Report.Warnings do
                Session.warn session (string warning)

    match checked' |> List.collect (fun category -> List.ofSeq category.Report.Errors) with
    | [] -> ExitCode.Fine
    | errors -> raise (InvalidInputException(Array.ofList errors))

let verb =
    Verb.create
        "data check"
        "looks for everything in a data set that would break or spoil a run"
        "falcon data check data/mvtec --category bottle --shots 5"
        [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Store; CommonOption.Extension ]
        check
