/// Progress of a study: one bar over all its cells.
module Falcon.Cli.StudyProgress

open System.Collections.Generic
open Falcon.Experiments

/// Follows the events of a study, of which several cells may be under way; warnings and failures are kept for the end, since a bar owns the terminal meanwhile.
/// Half of a cell is its training, half its testing.
type private Follower(cells: int, report: Progress.Report) =
    let mutable finished = 0
    let underWay = Dictionary<string, float>()
    let messages = ResizeArray<string>()

    let tell what =
        let percent = 100.0 * (float finished + Seq.sum underWay.Values) / float cells
        report (int64 percent) what

    let reached cell share what =
        underWay[Cell.id cell] <- share
        tell $"{Cell.id cell}{what}"

    member _.Messages = List.ofSeq messages

    member _.Follow event =
        match event with
        | StudyStarted _
        | StudyNote _ -> ()
        | StudyWarning text -> messages.Add $"warning: {text}"
        | CellStarted(cell, _) -> reached cell 0.0 ""
        | CellTraining(cell, progress) ->
            reached cell (float progress.Epoch / float (max 1 progress.Epochs) / 2.0) $", epoch {progress.Epoch}/{progress.Epochs}"
        | CellPredicting(cell, images, ofImages) ->
            reached cell (0.5 + float images / float ofImages / 2.0) $", testing {images}/{ofImages}"
        | CellEnded(cell, outcome, _) ->
            underWay.Remove(Cell.id cell) |> ignore
            finished <- finished + 1
            tell (Cell.id cell)

            match outcome with
            | CellOutcome.Failed(failure, log) -> messages.Add $"{Cell.id cell} failed: {failure.Message} (log: {log})"
            | CellOutcome.Computed _
            | CellOutcome.Kept _ -> ()

/// Runs a study and shows how far it is; warnings and failures follow.
let run session runtime (experiment: Experiment) : StudyResult =
    let result, messages =
        Progress.track session experiment.Name "%" 100L (fun report ->
            let follower = Follower((Experiment.cells experiment).Length, report)
            let progress = Progress.onReport follower.Follow
            Study.runWith progress session.Cancellation runtime experiment, follower.Messages)

    for message in messages do
        session.Error.WriteLine message

    result
