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

/// What is said of a calibrated detector: scores, rate, threshold, and what so few photos cannot promise.
let describe (detector: Detector) =
    let card = detector.Card

    match card.HeldOut with
    | null -> [ $"threshold {card.Threshold:G6} (scores above it count as anomalous)" ]
    | heldOut ->
        let rate = card.FalseAlarms.GetValueOrDefault()
        let scores = heldOut.Scores
        let range = $"{Seq.min scores:G4} to {Seq.max scores:G4}"

        [ $"threshold {card.Threshold:G6} for {100.0 * rate:G3} %% false alarms; {scores.Count} held-out scores from {range}"
          match heldOut.Way, FalseAlarmLimit.Caution(scores.Count, rate) with
          | CalibrationWay.None, _ ->
              "caution: the model has seen these photos, so the threshold is too low; calibrate with loo, folds or views"
          | _, null -> ()
          | CalibrationWay.Views, _ -> "caution: views of photos that the model has seen say little of other photos"
          | _, caution -> $"caution: {caution}" ]

/// The same for programs.
let json (detector: Detector) =
    match detector.Card.HeldOut with
    | null -> null
    | heldOut ->
        Json.object
            [ "way", Json.text (nameOf heldOut.Way)
              "falseAlarms", Json.number (detector.Card.FalseAlarms.GetValueOrDefault())
              "heldOutScores", Json.array (Seq.map Json.number heldOut.Scores) ]
