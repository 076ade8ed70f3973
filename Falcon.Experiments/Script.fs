namespace Falcon.Experiments

open System
open System.IO
open Argu
open Falcon

[<Sealed>]
type ScriptArguments(data: string list, categories: string list, teacher: string option, quick: bool, runtime: Runtime) =
    let mutable unread =
        set
            [ if not data.IsEmpty then "--data"
              if not categories.IsEmpty then "--category"
              if teacher.IsSome then "--teacher"
              if quick then "--quick" ]

    let asked name value =
        unread <- Set.remove name unread
        value

    member _.Data = asked "--data" data
    member _.Categories = asked "--category" categories
    member _.Teacher = asked "--teacher" teacher
    member _.Quick = asked "--quick" quick
    member _.Runtime = runtime
    member _.Unread = Set.toList unread

module Script =
    open ScriptOptions

    let private ofRead (given: Given) =
        let read = given.Arguments

        ScriptArguments(
            read.GetResults ScriptArgument.Data,
            read.GetResults ScriptArgument.Category,
            read.TryGetResult ScriptArgument.Teacher,
            read.Contains ScriptArgument.Quick,
            ScriptOptions.change given Runtime.local
        )

    let parse arguments = ScriptOptions.read arguments |> Result.map ofRead

    let private found (arguments: ScriptArguments) =
        match arguments.Data with
        | [] -> [ Data.drawn ]
        | folders -> List.map Data.detect folders

    let dataSets (arguments: ScriptArguments) =
        let all = found arguments

        let meant (data: DataSet) category = FileName.Find(data.Categories, category) |> Option.ofObj

        let unknown =
            [ for category in arguments.Categories do
                  if not (all |> List.exists (fun data -> (meant data category).IsSome)) then
                      let names = all |> List.collect _.Categories |> String.concat ", "
                      Finding("there is no such category", $"--category {category}", $"Choose from: {names}.") ]

        if not unknown.IsEmpty then raise (InvalidInputException(Array.ofList unknown))

        if arguments.Categories.IsEmpty then
            all
        else
            [ for data in all do
                  match arguments.Categories |> List.choose (meant data) with
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

    let private attempt study words =
        try
            Extensions.LoadNamed()

            match ScriptOptions.read words with
            | Error findings -> raise (InvalidInputException(Array.ofList findings))
            | Ok read ->
                if not (HostedScript.isHosted ()) then
                    ScriptOptions.prevail ScriptPurpose.Run read

                let arguments = ofRead read
                HostedScript.watch (fun () -> arguments.Unread)
                let result: StudyResult = study arguments

                // A study that is quiet has not said where its report is.
                for page in result.Reports do
                    HostedScript.tell Normal page

                if result.Failed.IsEmpty then 0 else 1
        with
        | :? InvalidInputException as invalid ->
            Findings.write stderr invalid.Findings
            2
        | :? OperationCanceledException ->
            eprintfn "Cancelled. Finished cells are kept; the same command continues."
            Interruption.ExitCode

    let run (commandLine: string array) study : unit =
        let words = commandLine |> Array.toList |> List.tail

        if List.exists CommandArguments.isHelp words then
            printfn "%s" (ScriptOptions.usage ())
            exit 0
        else
            exit (attempt study words)
