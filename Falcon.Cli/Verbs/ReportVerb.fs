module Falcon.Cli.ReportVerb

open System.IO
open System.Threading.Tasks
open Argu
open Falcon
open Falcon.Experiments

type ReportArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string
    | Out of folder: string
    | Pdf
    | Check

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Folder _ -> "the results of a study: a folder, or the study's name in the store; with --check, the folder of a report"
            | Out _ -> "the folder of the report; default: reports/<name of the study>"
            | Pdf -> "compile the report's document with pdflatex"
            | Check -> "compare every table of a report with what the store says now; exit with 1 if one differs"

let private results runtime (name: string) =
    if Report.isOf name then
        name
    else
        let studies = Report.studies runtime

        match studies |> List.tryFind (fun (study, _) -> study = name) with
        | Some(_, folder) -> folder
        | None ->
            let fix =
                match List.map fst studies with
                | [] ->
                    $"No study has run with the store {Runtime.store runtime}: run one first (falcon run SCRIPT), or name its store (--store FOLDER)."
                | known -> NearestName.suggestion known name

            raise (InvalidInputException("is neither a study nor a folder of results", name, fix))

let private check session runtime folder =
    let findings = Report.check runtime folder

    if session.Options.Json then
        [ for finding in findings ->
              Json.object [ "what", Json.text finding.What; "where", Json.text finding.Where; "fix", Json.text finding.Fix ] ]
        |> Json.array
        |> Json.write session
    else
        for finding in findings do
            session.Out.WriteLine(string finding)

        if findings.IsEmpty then
            session.Out.WriteLine "every table says what the store says"

    if findings.IsEmpty then ExitCode.Fine else ExitCode.SomeFailed

/// What stops at once when it is asked to: the files of a report are whole or not there.
let private untilStopped session (work: unit -> 'Result) = Task.Run(work).WaitAsync(session.Cancellation).GetAwaiter().GetResult()

let private write session runtime (arguments: ParseResults<ReportArgument>) =
    let results = results runtime (arguments.GetResult Folder)
    let name = string (Path.GetFileName(Path.TrimEndingDirectorySeparator results))
    let out = arguments.GetResult(Out, defaultValue = Path.Combine("reports", name))

    let sections, own = Report.sections results

    for section in own do
        Session.warn session $"section '{section}' is the script's own: only the script can make it"

    let page = Report.ofResults runtime results out sections

    let document =
        if arguments.Contains Pdf then
            let document, complaints = Report.compile out
            List.iter (Session.warn session) complaints
            Some document
        else
            None

    if session.Options.Json then
        Json.write session (Json.object [ "page", Json.text page; "pdf", Json.text (Option.toObj document) ])
    else
        session.Out.WriteLine $"report: {page}"
        document |> Option.iter (fun document -> session.Out.WriteLine $"document: {document}")

    ExitCode.Fine

let private run session (arguments: ParseResults<ReportArgument>) =
    let runtime = { Runtime.local with Store = session.Options.Store }

    if arguments.Contains Check then
        untilStopped session (fun () -> check session runtime (arguments.GetResult Folder))
    else
        untilStopped session (fun () -> write session runtime arguments)

let verb =
    Verb.create
        "report"
        "writes a report on the results of a study, or checks one against the store"
        "falcon report first-run --out reports/first-run --pdf"
        [ CommonOption.Json; CommonOption.Store ]
        run
