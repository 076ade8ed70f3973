/// How a threshold is had: --calibration, --false-alarms, --threshold.
module Falcon.Cli.CalibrationArgument

open System
open System.Globalization
open Falcon
open Falcon.Detection
open Falcon.Metrics

let private ways =
    [ "loo", CalibrationWay.LeaveOneOut
      "folds", CalibrationWay.Folds
      "views", CalibrationWay.Views
      "none", CalibrationWay.None ]

/// The name of a way on the command line.
let nameOf way = ways |> List.find (fun (_, known) -> known = way) |> fst

/// A way of holding photos out.
let way (text: string) =
    match List.tryFind (fst >> (=) text) ways with
    | Some(_, way) -> Ok way
    | None ->
        let names = ways |> List.map fst |> String.concat ", "
        Error [ Finding($"'{text}' is no way of calibrating", "--calibration", $"Give one of {names}.") ]

/// A rate of false alarms: 1%, 0.5 % or 0.01.
let falseAlarms (text: string) =
    let percent = text.TrimEnd().EndsWith '%'

    match Double.TryParse(text.Replace("%", "").Trim(), NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, number when (let rate = (if percent then number / 100.0 else number) in rate > 0.0 && rate < 0.5) ->
        Ok(if percent then number / 100.0 else number)
    | _ -> Error [ Finding($"'{text}' is no rate of false alarms", "--false-alarms", "Give a share between 0 and 50 %, for example 1%.") ]

/// What a threshold does not promise.
let cautions (detector: Detector) =
    match detector.Card.HeldOut with
    | null -> []
    | heldOut ->
        [ if detector.Threshold <= 0.0 then
              "a threshold of 0 tells nothing: every photo that differs at all from the known ones counts as anomalous; the photos are one, or the same"
          match heldOut.Way with
          | CalibrationWay.None when detector.Card.TrainingImages.Count = 1 ->
              "one photo gives no threshold: the model knows it, and nothing says how good parts differ; calibrate with views, or give more photos"
          | CalibrationWay.None ->
              "the model has seen these photos, so the threshold is too low; calibrate with loo or folds, which takes two photos or more"
          | CalibrationWay.Views -> "views of photos that the model has seen say little of other photos: the threshold is too low"
          | _ -> ()
          if detector.Card.FalseAlarms.HasValue then
              let rate = detector.Card.FalseAlarms.Value

              if heldOut.Scores.Count < FalseAlarmLimit.FewestForInterval then
                  $"{heldOut.Scores.Count} scores say nothing of a rate of false alarms: the threshold is the largest of them"
              elif heldOut.Way <> CalibrationWay.None && heldOut.Way <> CalibrationWay.Views then
                  match FalseAlarmLimit.Caution(heldOut.Scores.Count, rate) with
                  | null -> ()
                  | caution -> caution ]

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
let json (detector: Detector) =
    match detector.Card.HeldOut with
    | null -> null
    | heldOut ->
        Json.object
            [ "way", Json.text (nameOf heldOut.Way)
              "falseAlarms", Json.number (detector.Card.FalseAlarms.GetValueOrDefault())
              "heldOutScores", Json.array (Seq.map Json.number heldOut.Scores)
              "cautions", Json.array (cautions detector |> Seq.map Json.text) ]

/// Another threshold than the model's: by hand, or for a rate of false alarms.
type Wish =
    | AsTrained
    | ByHand of threshold: float
    | ForRate of rate: float

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
