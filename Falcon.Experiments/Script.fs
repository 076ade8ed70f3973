namespace Falcon.Experiments

open System
open System.IO
open Falcon

type ScriptArguments = { Data: string list; Categories: string list; Teacher: string option; Quick: bool; Runtime: Runtime }

module Script =
    let private usage =
        """Arguments of a study's script:
  --data DIR       a data set, one category of it, or a folder of photos; without it, Falcon draws its own; some studies take several
  --category C     a category of the data set; repeat it for several
  --teacher FILE   the teacher's weights, a file or a name of 'falcon weights list'; without it, Falcon's own, or those of the study's paper
  --out DIR        the folder of the results
  --store DIR      the folder of what is computed; without it, FALCON_STORE, else .falcon
  --device NAME    cpu (default), cuda, cuda:1; repeat it for several slots
  --workers N      cells that are computed at the same time; without it, one on every core
  --threads N      threads of each tensor operation of a worker: 1, another number rounds otherwise
  --only ID        only the cells of this name, where * stands for anything; repeat it for several
  --retry-failed   cells that failed before are tried again
  --plan           what would be done and why, without doing it
  --json           the plan as JSON
  --quick          a small version, to see that it runs
  --quiet          warnings and failures only
  --verbose        every epoch"""

    let private empty: ScriptArguments = { Data = []; Categories = []; Teacher = None; Quick = false; Runtime = Runtime.local }

    let private count name (value: string) =
        match Int32.TryParse value with
        | true, number when number > 0 -> Ok number
        | _ -> Error(Finding($"'{value}' is no count", name, "Give a whole number, at least 1."))

    let private withRuntime change (arguments: ScriptArguments) = { arguments with Runtime = change arguments.Runtime }

    let private option name (value: string) (arguments: ScriptArguments) =
        match name with
        | "--data" -> Ok { arguments with Data = arguments.Data @ [ value ] }
        | "--category" -> Ok { arguments with Categories = arguments.Categories @ [ value ] }
        | "--teacher" -> Ok { arguments with Teacher = Some value }
        | "--out" -> Ok(arguments |> withRuntime (fun runtime -> { runtime with Out = Some value }))
        | "--store" -> Ok(arguments |> withRuntime (fun runtime -> { runtime with Store = Some value }))
        | "--only" -> Ok(arguments |> withRuntime (fun runtime -> { runtime with Only = runtime.Only @ [ value ] }))
        | "--device" ->
            let slots devices = if devices = Runtime.local.Devices then [ value ] else devices @ [ value ]
            Ok(arguments |> withRuntime (fun runtime -> { runtime with Devices = slots runtime.Devices }))
        | "--threads" ->
            count name value
            |> Result.map (fun threads -> arguments |> withRuntime (fun runtime -> { runtime with Threads = threads }))
        | _ ->
            count name value
            |> Result.map (fun workers -> arguments |> withRuntime (fun runtime -> { runtime with Workers = workers }))

    let private valued =
        set [ "--data"; "--category"; "--teacher"; "--out"; "--store"; "--device"; "--threads"; "--workers"; "--only" ]

    let private unknown name = Finding("there is no such argument", name, "See --help.")

    let parse arguments =
        let rec next (read: ScriptArguments) findings arguments =
            match arguments with
            | [] -> if List.isEmpty findings then Ok read else Error(List.rev findings)
            | "--quick" :: rest -> next { read with Quick = true } findings rest
            | "--retry-failed" :: rest -> next (read |> withRuntime (fun runtime -> { runtime with RetryFailed = true })) findings rest
            | "--json" :: rest -> next (read |> withRuntime (fun runtime -> { runtime with Json = true })) findings rest
            | "--plan" :: rest -> next (read |> withRuntime (fun runtime -> { runtime with PlanOnly = true })) findings rest
            | "--quiet" :: rest -> next (read |> withRuntime (fun runtime -> { runtime with Verbosity = Quiet })) findings rest
            | "--verbose" :: rest -> next (read |> withRuntime (fun runtime -> { runtime with Verbosity = Detailed })) findings rest
            | name :: value :: rest when valued.Contains name && not (value.StartsWith "--") ->
                match option name value read with
                | Ok read -> next read findings rest
                | Error finding -> next read (finding :: findings) rest
            | name :: rest when valued.Contains name -> next read (Finding("its value is missing", name, "See --help.") :: findings) rest
            | name :: rest -> next read (unknown name :: findings) rest

        next empty [] arguments

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

    let teacher arguments = teacherOf Teacher.usual arguments

    let reportFolder name (arguments: ScriptArguments) =
        match arguments.Runtime.Out with
        | Some out -> Path.Combine(out, "report")
        | None -> Path.Combine("reports", name)

    let private attempt study arguments =
        try
            match parse arguments with
            | Error findings -> raise (InvalidInputException(Array.ofList findings))
            | Ok arguments ->
                let result: StudyResult = study arguments

                for page in result.Reports do
                    printfn $"report: {page}"

                if result.Failed.IsEmpty then 0 else 1
        with
        | :? InvalidInputException as invalid ->
            for finding in invalid.Findings do
                eprintfn $"error: {finding.What}\n  where: {finding.Where}\n  fix:   {finding.Fix}"

            2
        | :? OperationCanceledException ->
            eprintfn "Cancelled. Finished cells are kept; the same command continues."
            130

    let run (commandLine: string array) study : unit =
        let arguments = commandLine |> Array.toList |> List.tail

        if List.contains "--help" arguments then
            printfn "%s" usage
            exit 0
        else
            exit (attempt study arguments)
