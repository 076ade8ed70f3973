namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open Falcon.Reports
open Falcon.Results
open Falcon.Training

/// How a training goes: when it was first heard of and how many epochs it had then, how many it has now, and when something was last said of it.
type private TrainingPace = { Began: DateTime; First: int; Latest: int; Said: DateTime }

[<Sealed>]
type PlainLines internal (output: TextWriter, verbosity: Verbosity, now: unit -> DateTime) =
    let places = Dictionary<string, string>()

    let paces = Dictionary<string, TrainingPace>()

    let pause = TimeSpan.FromSeconds 15.0

    let line (text: string) = output.WriteLine text

    let place cell =
        let id = Cell.id cell
        $"""{places.GetValueOrDefault(id, "")} {id}"""

    let (|Continued|_|) (progress: TrainingProgress) = Option.ofObj progress.Continues

    let number (value: float) = value.ToString("0.####", CultureInfo.InvariantCulture)

    let seconds (time: TimeSpan) = time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"

    let metrics (result: CellResult) =
        String.Join(
            ", ",
            [ for item in result.Metrics do
                  let value = item.Value |> Option.ofNullable |> Option.map Estimate.Percent
                  $"""{item.Metric.Title} {defaultArg value "undefined"}""" ]
        )

    let losses (progress: TrainingProgress) = String.Join(", ", [ for struct (name, value) in progress.Losses -> $"{name} {number value}" ])

    let begins (study: Sweep) folder =
        let count = study.Cells.Length
        study.Cells |> List.iteri (fun index cell -> places[Cell.id cell] <- $"[{index + 1}/{count}]")

        if verbosity <> Quiet then
            let cells = if count = 1 then "1 cell" else $"{count} cells"
            line $"{study.Name}: {cells}, results in {folder}"

    let starts cell reason =
        let length =
            match Option.ofNullable cell.Method.Plan.Steps, cell.Method.Epochs with
            | Some steps, _ -> $"{steps} steps"
            | None, 0 -> "no passes"
            | None, 1 -> "1 epoch"
            | None, count -> $"{count} epochs"

        match reason with
        | Some reason -> line $"{place cell}: {length}, computed anew since {reason}"
        | None -> line $"{place cell}: {length}"

    /// Now and then, how far a training is and how long it will take. A cell may train several times, one after the other.
    let goesOn cell (progress: TrainingProgress) =
        let id = Cell.id cell
        let now = now ()

        match paces.TryGetValue id with
        | true, pace when progress.Epoch > pace.Latest ->
            let isTold = now - pace.Said >= pause && progress.Epoch < progress.Epochs
            paces[id] <- { pace with Latest = progress.Epoch; Said = (if isTold then now else pace.Said) }

            if isTold then
                let left =
                    (now - pace.Began).TotalSeconds / float (progress.Epoch - pace.First)
                    * float (progress.Epochs - progress.Epoch)

                line $"{place cell}: epoch {progress.Epoch}/{progress.Epochs}, about {Duration.text left} left"
        | _ -> paces[id] <- { Began = now; First = progress.Epoch; Latest = progress.Epoch; Said = now }

    let ends cell outcome time =
        match outcome with
        | CellOutcome.Failed(failure, log) ->
            line $"{place cell}: FAILED: {failure.Message}"
            line $"    log: {log}"
        | CellOutcome.Computed result when verbosity <> Quiet -> line $"{place cell}: {metrics result} ({seconds time})"
        | CellOutcome.Kept result when verbosity <> Quiet -> line $"{place cell}: finished before, skipped: {metrics result}"
        | CellOutcome.Computed _
        | CellOutcome.Kept _ -> ()

    new(output, verbosity) = PlainLines(output, verbosity, (fun () -> DateTime.UtcNow))

    interface IProgress<StudyEvent> with
        member _.Report event =
            match event with
            | StudyStarted(study, folder) -> begins study folder
            | StudyNote text when verbosity <> Quiet -> line text
            | StudyNote _ -> ()
            | StudyWarning text -> line $"warning: {text}"
            | CellStarted(cell, reason) when verbosity <> Quiet -> starts cell reason
            | CellTraining(cell, Continued position) when verbosity <> Quiet ->
                line $"{place cell}: continues at {position.Describe cell.Method.Plan}"
            | CellTraining(cell, progress) when verbosity = Detailed && progress.Epoch > 0 ->
                line $"{place cell}: epoch {progress.Epoch}/{progress.Epochs}: {losses progress}"
            | CellTraining(cell, progress) when verbosity = Normal && progress.Epoch > 0 -> goesOn cell progress
            | CellEnded(cell, outcome, time) -> ends cell outcome time
            | CellStarted _
            | CellTraining _
            | CellPredicting _ -> ()
