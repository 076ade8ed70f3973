/// Progress of a study: one bar over the training images of all its cells.
module Falcon.Cli.StudyProgress

open System.Collections.Generic
open Falcon.Experiments

/// Of a cell that learns from all images, whose number is not known before the data is open, as if it learnt from one.
let private trainingImages (cell: Cell) = max 1L (cell.Method.ImagesSeen(max 1 cell.Shots))

/// Follows the events of a study, of which several cells may be under way; warnings and failures are kept for the end, since a bar owns the terminal meanwhile.
type private Follower(report: Progress.Report) =
    let mutable finished = 0L
    let underWay = Dictionary<string, int64>()
    let messages = ResizeArray<string>()

    let tell what = report (finished + Seq.sum underWay.Values) what

    let reached cell images what =
        underWay[Cell.id cell] <- images
        tell $"{Cell.id cell}{what}"

    member _.Messages = List.ofSeq messages

    member _.Follow event =
        match event with
        | StudyStarted _ -> ()
        | StudyWarning text -> messages.Add $"warning: {text}"
        | CellStarted(cell, _) -> reached cell 0L ""
        | CellTraining(cell, progress) ->
            reached cell (min progress.ImagesSeen (trainingImages cell)) $", epoch {progress.Epoch}/{progress.Epochs}"
        | CellPredicting(cell, images, ofImages) -> reached cell (trainingImages cell) $", testing {images}/{ofImages}"
        | CellEnded(cell, outcome, _) ->
            underWay.Remove(Cell.id cell) |> ignore
            finished <- finished + trainingImages cell
            tell (Cell.id cell)

            match outcome with
            | CellOutcome.Failed failure -> messages.Add $"{Cell.id cell} failed: {failure.Message} (log: {failure.Log})"
            | CellOutcome.Computed _
            | CellOutcome.Kept _ -> ()

/// Runs a study and shows how far it is; warnings and failures follow.
let run session runtime (experiment: Experiment) : StudyResult =
    let total = Experiment.cells experiment |> List.sumBy trainingImages

    let result, messages =
        Progress.track session experiment.Name "img" total (fun report ->
            let follower = Follower report
            let progress = Progress.onReport follower.Follow
            Study.runWith progress session.Cancellation runtime experiment, follower.Messages)

    for message in messages do
        session.Error.WriteLine message

    result
