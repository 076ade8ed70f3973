module Falcon.Cli.DemoVerb

open System.IO
open Argu
open Falcon.Experiments
open Falcon.Methods
open Falcon.Reports
open Falcon.Results
open Falcon.Cli.Validation

type DemoArgument =
    | Teacher of file: string
    | Out of folder: string
    | Quick

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Teacher _ -> "the teacher's weights: a file, a name of 'falcon weights list', or random; default: Falcon's own"
            | Out _ -> "the folder of results and report; default: reports/demo"
            | Quick -> "a smaller training, to see that everything works"

/// Every category of Falcon's drawn data set, sized to take a few minutes on two cores.
let private study quick weights =
    let shotCount, seedList, (options: MethodOptions list) =
        if quick then
            2, [ 0 ], [ FalconOptions(Epochs = 5, InputSize = 128) ]
        else
            8, [ 0; 1 ], [ PatchCoreOptions(); FalconOptions(Epochs = 20) ]

    experiment "demo" {
        data Data.drawn
        shots [ shotCount ]
        seeds seedList
        methods options
        teacher weights
        metrics [ ImageAuroc; ImageAp; ImageF1Max ]
    }

let private cellToJson (cell: CellResult) =
    Json.object
        [ "category", Json.text cell.Category
          "shots", System.Text.Json.JsonSerializer.SerializeToNode cell.Protocol.Shots
          "seed", Json.whole (int64 cell.Seed)
          for metric in cell.Metrics do
              metric.Metric.Name, metric.Value |> Option.ofNullable |> Option.map Json.number |> Option.defaultValue null ]

let private run session (arguments: ParseResults<DemoArgument>) =
    let out =
        arguments.GetResult(Out, defaultValue = Path.Combine("reports", "demo"))
        |> OutputPath.folder "--out"
        |> require
        |> Path.GetFullPath

    let runtime = { Runtime.local with Devices = [ session.Options.Device ]; Workers = session.Options.Threads; Out = Some out }

    let result =
        study (arguments.Contains Quick) (arguments.TryGetResult Teacher |> Option.map Teacher.named |> Option.defaultValue Teacher.shipped)
        |> StudyProgress.run session runtime
        |> Report.write (Path.Combine(out, "report")) [ Table.perCategory ImageAuroc; Table.summary; Plot.roc; Gallery.overlays ]

    // There is none when every cell failed.
    let page = List.tryLast result.Reports

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "report", Json.text (Option.toObj page)
                  "cells", result.Results |> List.map cellToJson |> Json.array
                  "failed", Json.whole (int64 result.Failed.Length) ])
    elif page.IsSome then
        session.Out.WriteLine(TableStyle.Console.Render(TableSummary.Of(CellSet(Array.ofList result.Results))))
        session.Out.WriteLine $"report: {page.Value}"

    if result.Failed.IsEmpty then ExitCode.Fine else ExitCode.SomeFailed

let verb =
    Verb.create
        "demo"
        "draws a small data set, trains, tests and writes a report"
        "falcon demo --out reports/demo"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json ]
        run
