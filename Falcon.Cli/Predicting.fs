/// Predictions of many photos, of which some cannot be used.
module Falcon.Cli.Predicting

open System
open System.Collections.Generic
open Falcon
open Falcon.Data
open Falcon.Detection

/// A photo that could not be used, and why.
type Unused = { Item: ImageItem; Faults: Finding list }

/// What is said of all photos, in their order.
type Outcome<'Row> =
    {
        Rows: 'Row list
        Unused: Unused list
        /// What has ended the work early; null where nothing has.
        Ended: exn | null
    }

/// Predicts one photo after the other and makes something of each. A photo that cannot be used is noted, and the next one comes; whatever else happens ends the work,
/// and what has been done is given all the same.
let each session (detector: Detector) (images: ImageItem list) title (make: Prediction -> 'Row) : Outcome<'Row> =
    let rows, unused = List<'Row>(), List<Unused>()
    let left = LinkedList images
    let ended: (exn | null) ref = ref null

    /// Takes the photos that an error names out; whether it names any.
    let blame (error: InvalidInputException) =
        let named = error.Findings |> List.ofSeq |> List.groupBy _.Where

        let items =
            [ for place, faults in named do
                  for item in left do
                      if item.Path = place then { Item = item; Faults = faults } ]

        for one in items do
            left.Remove one.Item |> ignore
            unused.Add one

        not items.IsEmpty

    let run report =
        while left.Count > 0 && isNull ended.Value do
            try
                for prediction in detector.Predict(Array.ofSeq left, cancellation = session.Cancellation) do
                    session.Cancellation.ThrowIfCancellationRequested()
                    rows.Add(make prediction)
                    left.RemoveFirst()
                    report (int64 (images.Length - left.Count)) ""
            with
            | :? DiskFullException as full -> ended.Value <- full
            | :? InvalidInputException as error when blame error -> ()
            | error -> ended.Value <- error

        if not (isNull ended.Value) then raise (OperationCanceledException())

    try
        Progress.track session title "img" (int64 images.Length) run
    with :? OperationCanceledException when not (isNull ended.Value) ->
        ()

    { Rows = List.ofSeq rows; Unused = List.ofSeq unused; Ended = ended.Value }

/// The findings about photos that could not be used.
let faults (unused: Unused list) = unused |> List.collect _.Faults
