/// Progress of a study: one bar over the training images of all its cells.
module Falcon.Cli.StudyProgress

open System.Threading
open Falcon.Experiments

let private trainingImages (cell: Cell) = int64 cell.Method.Epochs * int64 cell.Shots

/// Follows the events of a study; warnings and failures are kept for the end, since a bar owns the terminal meanwhile.
type private Follower(report: Progress.Report) =
    let mutable finished = 0L
    let messages = ResizeArray<string>()

    member _.Messages = List.ofSeq messages

    member _.Follow event =
        match event with
        | StudyStarted _ -> ()
        | StudyWarning text -> messages.Add $"warning: {text}"
        | CellStarted(cell, _) -> report finished (Cell.id cell)
        | CellTraining(cell, progress) ->
            report (finished + progress.ImagesSeen) $"{Cell.id cell}, epoch {progress.Epoch}/{progress.Epochs}"
        | CellPredicting(cell, images, ofImages) -> report (finished + trainingImages cell) $"{Cell.id cell}, testing {images}/{ofImages}"
        | CellEnded(cell, outcome, _) ->
            finished <- finished + trainingImages cell

            match outcome with
            | Failed failure -> messages.Add $"{Cell.id cell} failed: {failure.Message} (log: {failure.Log})"
            | Computed _
            | Kept _ -> ()

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
