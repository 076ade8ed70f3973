namespace Falcon.Experiments

open System
open System.IO
open Argu
open Falcon

type ScriptArguments = { Data: string list; Categories: string list; Teacher: string option; Quick: bool; Runtime: Runtime }

/// The words of a script's command line.
[<RequireQualifiedAccess>]
type internal ScriptArgument =
    | Data of folder: string
    | Category of category: string
    | Teacher of file: string
    | Out of folder: string
    | Store of folder: string
    | Device of name: string
    | Workers of count: int
    | Threads of count: int
    | Only of cell: string
    | Retry_Failed
    | Plan
    | Json
    | Quick
    | Quiet
    | Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Data _ -> "a data set, one category of it, or a folder of photos; without it, Falcon draws its own; some studies take several"
            | Category _ -> "a category of the data set; repeat it for several"
            | Teacher _ ->
                "the teacher's weights, a file or a name of 'falcon weights list'; without it, Falcon's own, or those of the study's paper"
            | Out _ -> "the folder of the results"
            | Store _ -> "the folder of what is computed; without it, FALCON_STORE, else .falcon"
            | Device _ -> "cpu (default), cuda, cuda:1; repeat it for several slots"
            | Workers _ -> "cells that are computed at the same time; without it, one on every core"
            | Threads _ -> "threads of each tensor operation of a worker: 1, another number rounds otherwise"
            | Only _ -> "only the cells of this name, where * stands for anything; repeat it for several"
            | Retry_Failed -> "cells that failed before are tried again"
            | Plan -> "what would be done and why, without doing it"
            | Json -> "the plan as JSON"
            | Quick -> "a small version, to see that it runs"
            | Quiet -> "warnings and failures only"
            | Verbose -> "every epoch"

module Script =
    [<Literal>]
    let private Program = "falcon run SCRIPT.fsx"

    let private runtime (read: ParseResults<ScriptArgument>) =
        { Runtime.local with
            Out = read.TryGetResult ScriptArgument.Out
            Store = read.TryGetResult ScriptArgument.Store
            Only = read.GetResults ScriptArgument.Only
            Devices =
                if read.Contains ScriptArgument.Device then
                    read.GetResults ScriptArgument.Device
                else
                    Runtime.local.Devices
            Threads = read.GetResult(ScriptArgument.Threads, Runtime.local.Threads)
            Workers = read.GetResult(ScriptArgument.Workers, Runtime.local.Workers)
            RetryFailed = read.Contains ScriptArgument.Retry_Failed
            PlanOnly = read.Contains ScriptArgument.Plan
            Json = read.Contains ScriptArgument.Json
            Verbosity =
                if read.Contains ScriptArgument.Quiet then Quiet
                elif read.Contains ScriptArgument.Verbose then Detailed
                else Normal }

    let parse arguments =
        match CommandArguments.read<ScriptArgument> Program [] arguments with
        | Error findings -> Error findings
        | Ok read ->
            let runtime = runtime read

            match
                [ for name, count in [ "--threads", runtime.Threads; "--workers", runtime.Workers ] do
                      if count < 1 then
                          Finding($"'{count}' is no count", name, "Give a whole number, at least 1.") ]
            with
            | [] ->
                Ok
                    { Data = read.GetResults ScriptArgument.Data
                      Categories = read.GetResults ScriptArgument.Category
                      Teacher = read.TryGetResult ScriptArgument.Teacher
                      Quick = read.Contains ScriptArgument.Quick
                      Runtime = runtime }
            | findings -> Error findings

    let private found (arguments: ScriptArguments) =
        match arguments.Data with
        | [] -> [ Data.drawn ]
        | folders -> List.map Data.detect folders

    let dataSets (arguments: ScriptArguments) =
        let all = found arguments

        let unknown =
            [ for category in arguments.Categories do
                  if not (all |> List.exists (fun data -> List.contains category data.Categories)) then
                      let names = all |> List.collect _.Categories |> String.concat ", "
                      Finding("there is no such category", $"--category {category}", $"Choose from: {names}.") ]

        if not unknown.IsEmpty then raise (InvalidInputException(Array.ofList unknown))

        if arguments.Categories.IsEmpty then
            all
        else
            [ for data in all do
                  match arguments.Categories |> List.filter (fun category -> List.contains category data.Categories) with
                  | [] -> ()
                  | named -> Data.categories named data ]

    let data (arguments: ScriptArguments) =
        if arguments.Data.Length > 1 then
            raise (InvalidInputException("this study takes one data set", "--data", "Name one folder."))

        dataSets arguments |> List.head

    let smaller (arguments: ScriptArguments) (dataSets: DataSet list) =
        if arguments.Quick then
            [ for data in List.truncate 1 dataSets -> Data.categories (List.truncate 1 data.Categories) data ]
        else
            dataSets

    let teacherOf weights (arguments: ScriptArguments) = Teacher.available weights arguments.Teacher

    let teacher (arguments: ScriptArguments) = arguments.Teacher |> Option.map Teacher.named |> Option.defaultValue Teacher.shipped

    let reportFolder name (arguments: ScriptArguments) =
        match arguments.Runtime.Out with
        | Some out -> Path.Combine(out, "report")
        | None -> Path.Combine("reports", name)

    let private attempt study arguments =
        try
            Extensions.LoadNamed()

            match parse arguments with
            | Error findings -> raise (InvalidInputException(Array.ofList findings))
            | Ok arguments ->
                let result: StudyResult = study arguments

                for page in result.Reports do
                    printfn $"report: {page}"

                if result.Failed.IsEmpty then 0 else 1
        with
        | :? InvalidInputException as invalid ->
            Findings.write stderr invalid.Findings
            2
        | :? OperationCanceledException ->
            eprintfn "Cancelled. Finished cells are kept; the same command continues."
            130

    let run (commandLine: string array) study : unit =
        let arguments = commandLine |> Array.toList |> List.tail

        if List.exists CommandArguments.isHelp arguments then
            printfn "%s" (CommandArguments.usage<ScriptArgument> Program)
            exit 0
        else
            exit (attempt study arguments)
