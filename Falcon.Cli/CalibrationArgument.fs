/// How a threshold is had: --calibration, --false-alarms, --threshold.
module Falcon.Cli.CalibrationArgument

open System
open Falcon
open Falcon.Detection
open Falcon.Cli.Validation

/// A way of holding photos out.
let way text = attempt (fun () -> CalibrationRecord.ParseWay(text, "--calibration"))

/// A rate of false alarms: 1%, 0.5 % or 0.01.
let falseAlarms text = attempt (fun () -> CalibrationRecord.ParseRate(text, "--false-alarms"))

/// What a threshold does not promise.
let cautions (detector: Detector) =
    match CalibrationRecord.Of detector.Card with
    | null -> []
    | calibration -> List.ofSeq calibration.Cautions

/// What is said of a calibrated detector: scores, rate, threshold, and what so few photos cannot promise.
let describe (detector: Detector) =
    let card = detector.Card

    match card.HeldOut with
    | null -> [ $"threshold {card.Threshold:G6} (scores above it count as anomalous)" ]
    | heldOut ->
        let rate = card.FalseAlarms.GetValueOrDefault()
        let scores = heldOut.Scores

        let kind =
            match heldOut.Way with
            | CalibrationWay.None -> "scores of known photos"
            | CalibrationWay.Views -> "scores of views"
            | _ -> "held-out scores"

        [ $"threshold {card.Threshold:G6} for {100.0 * rate:G3} %% false alarms; {scores.Count} {kind} from {Seq.min scores:G4} to {Seq.max scores:G4}"
          for caution in cautions detector do
              $"caution: {caution}" ]

/// The same for programs.
let json (detector: Detector) : Json.Value =
    match CalibrationRecord.Of detector.Card with
    | null -> null
    | calibration -> DetectorJson.Node calibration

/// Another threshold than the model's: by hand, or for a rate of false alarms.
type Wish =
    | AsTrained
    | ByHand of threshold: float
    | ForRate of rate: float

let thresholdUsage = "the score above which a part counts as anomalous; default: the model's"

let falseAlarmsUsage = "a rate of false alarms to take the threshold from the model's held-out scores for, for example 1%"

/// Reads --threshold and --false-alarms.
let wish (threshold: float option) (rate: string option) =
    match threshold, rate with
    | None, None -> Ok AsTrained
    | Some _, Some _ -> Error [ Finding("there are two thresholds", "--threshold and --false-alarms", "Give one of them.") ]
    | Some value, None when not (Double.IsFinite value && value > 0.0) ->
        Error [ Finding($"{value} is no threshold", "--threshold", "Give a number above 0.") ]
    | Some value, None -> Ok(ByHand value)
    | None, Some text -> falseAlarms text |> Result.map ForRate

/// Gives a detector another threshold, and says what that cannot promise.
let apply session (model: string) (detector: Detector) wish =
    match wish with
    | AsTrained when detector.Threshold <= 0.0 -> List.iter (Session.warn session) (cautions detector)
    | AsTrained -> ()
    | ByHand threshold -> detector.Threshold <- threshold
    | ForRate rate ->
        match detector.Card.HeldOut with
        | null ->
            raise (
                InvalidInputException("holds no scores of photos held out", model, "Give --threshold, or train it again with this Falcon.")
            )
        | heldOut ->
            detector.Calibrate(heldOut, rate)
            List.iter (Session.warn session) (cautions detector)
