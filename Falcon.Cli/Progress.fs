/// Progress of long work: a bar that redraws itself on a terminal, otherwise a plain line now and then.
module Falcon.Cli.Progress

open System
open Spectre.Console
open Spectre.Console.Rendering

/// Tells how many items are finished, and what is going on in a few words.
type Report = int64 -> string -> unit

let private plainInterval = TimeSpan.FromSeconds 5.0

let private joined parts = parts |> List.filter (fun part -> part <> "") |> String.concat ", "

let private plain session title total (pace: Pace) (work: Report -> 'Result) =
    let mutable next = TimeSpan.FromSeconds 1.0

    let report finished what =
        if pace.Elapsed >= next then
            next <- pace.Elapsed + plainInterval
            let state = joined [ $"{finished}/{total}"; what; pace.Describe finished ]
            session.Error.WriteLine $"{title}: {state}"

    let result = work report
    session.Error.WriteLine $"{title}: {pace.Summary}"
    result

/// The words right of the bar.
type private NoteColumn(note: unit -> string) =
    inherit ProgressColumn()
    override _.NoWrap = true
    override _.Render(_, _, _) = Text(note ()) :> IRenderable

let private live session title total (pace: Pace) (work: Report -> 'Result) =
    let console = AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput session.Error))

    let mutable note = ""

    let columns: ProgressColumn[] =
        [| TaskDescriptionColumn(); ProgressBarColumn(); PercentageColumn(); NoteColumn(fun () -> note) |]

    let result =
        console
            .Progress()
            .AutoClear(true)
            .Columns(columns)
            .Start(fun context ->
                let bar = context.AddTask(Markup.Escape title, maxValue = float total)

                work (fun finished what ->
                    bar.Value <- float finished
                    note <- joined [ what; pace.Describe finished ]))

    session.Error.WriteLine $"{title}: {pace.Summary}"
    result

/// Does the work while showing how far it is.
let track session title item total (work: Report -> 'Result) =
    let pace = Pace(session.Time, total, item)

    if session.Options.Quiet then work (fun _ _ -> ())
    elif session.RichError then live session title total pace work
    else plain session title total pace work

/// What .NET code reports to; it runs on the thread that reports.
let onReport (report: 'Value -> unit) =
    { new IProgress<'Value> with
        member _.Report value = report value }
