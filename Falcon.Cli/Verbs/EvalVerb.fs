module Falcon.Cli.EvalVerb

open Argu
open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments
open Falcon.Metrics
open Falcon.Results
open Falcon.Cli.Validation

type EvalArgument =
    | [<Mandatory>] Model of file: string
    | [<Mandatory>] Data of folder: string
    | Category of name: string
    | Threshold of score: float
    | False_Alarms of rate: string
    | Scores of file: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Data _ -> "a data set with good and anomalous test images"
            | Category _ -> "the category; may be left out where there is only one"
            | Threshold _ -> CalibrationArgument.thresholdUsage
            | False_Alarms _ -> CalibrationArgument.falseAlarmsUsage
            | Scores _ -> "a CSV file to write: image, defect, label and score of each image"

/// The scores of these predictions as a file.
let private writeScores path (predictions: Prediction seq) =
    ScoresCsv.Write(path, [| for p in predictions -> ImageOutcome(p.Item.RelativeName, p.Item.Defect, p.Item.IsAnomalous, p.Score) |])

/// The predictions of all images. Metrics of some of them would be other metrics: where one cannot be used, or the work ends early, the scores of the others are kept
/// beside the file that was asked for, and that is all.
let private predict session (detector: Detector) images (scores: string option) =
    let images = List.ofSeq images
    let outcome = Predicting.each session detector images "testing" id

    let keep () =
        let done' = $"{outcome.Rows.Length} of {images.Length} images are scored"

        match scores with
        | Some path when not outcome.Rows.IsEmpty ->
            let beside = path + ".unfinished"
            writeScores beside outcome.Rows
            session.Error.WriteLine $"{done'}, in {beside}"
        | _ -> session.Error.WriteLine done'

    match outcome.Ended, Predicting.faults outcome.Unused with
    | null, [] -> Array.ofList outcome.Rows
    | null, faults ->
        keep ()
        raise (InvalidInputException(Array.ofList faults))
    | error, faults ->
        Findings.writeAll session.Error faults
        keep ()
        raise error

/// Defects that nobody could find: all of their masks lies outside of what is looked at.
let private warnOfUnseen session (category: Category) (predictions: Prediction array) =
    let isUnseen (p: Prediction) =
        match p.Map.Region, p.Item.MaskPath with
        | null, _
        | _, null -> false
        | region, mask ->
            let defect = DefectMask.Read(mask, category.MaskThreshold)
            let inside = region.At(defect.Width, defect.Height)
            not (Seq.exists2 (fun pixel seen -> pixel > 0uy && seen > 0uy) defect.Pixels (inside.ToArray()))

    match predictions |> Array.filter isUnseen with
    | [||] -> ()
    | unseen ->
        let names = Findings.few [ for prediction in unseen -> prediction.Item.RelativeName ]

        Session.warn
            session
            $"{unseen.Length} anomalous images have no defect in the region of interest, and count as anomalous all the same: {names}"

/// Name, title and value of each metric that the images allow.
let private metrics session (category: Category) (predictions: Prediction array) =
    let images = ImageRanking([| for p in predictions -> p.Score |], [| for p in predictions -> p.Item.IsAnomalous |])

    let pixels =
        if predictions |> Array.exists (fun p -> p.Item.IsAnomalous && not (isNull p.Item.MaskPath)) then
            let masked = predictions |> Array.filter (fun p -> not p.Item.IsAnomalous || not (isNull p.Item.MaskPath))

            Progress.track session "reading masks" "img" (2L * int64 masked.Length) (fun _ ->
                let sample index =
                    let p = masked[index]
                    p.Map.Beside(p.Item.RelativeName, p.Item.MaskPath, category.MaskThreshold, p.Width, p.Height)

                Some(PixelRanking(AnomalyMapSamples(masked.Length, sample))))
        else
            None

    [ for metric in
          [ Metric.ImageAuroc
            Metric.ImageAp
            Metric.ImageF1Max
            if pixels.IsSome then
                Metric.PixelAuroc
                Metric.PixelAp
                Metric.Aupro 0.3 ] do
          match metric.Of(images, Option.toObj pixels) |> Option.ofNullable with
          | Some value -> metric, value
          | None -> () ]

let private rate (rate: ObservedRate) =
    let struct (low, high) = rate.Interval()
    $"{rate.Events} of {rate.Trials}", $"{100.0 * rate.Value:F1}", $"{100.0 * low:F1} to {100.0 * high:F1}"

let private rateJson (rate: ObservedRate) =
    let struct (low, high) = rate.Interval()

    Json.object
        [ "events", Json.whole (int64 rate.Events)
          "of", Json.whole (int64 rate.Trials)
          "rate", Json.number rate.Value
          "low", Json.number low
          "high", Json.number high ]

let private run session (arguments: ParseResults<EvalArgument>) =
    let model = arguments.GetResult Model

    let detector, category, limit, scores =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! limit = CalibrationArgument.wish (arguments.TryGetResult Threshold) (arguments.TryGetResult False_Alarms)

                and! scores =
                    match arguments.TryGetResult Scores with
                    | Some path ->
                        OutputPath.file (OutputPath.text "table of scores" "image,defect,label,score") "--scores" path
                        |> Result.map Some
                    | None -> Ok None

                and! category = attempt (fun () -> DataArgument.openCategory (arguments.GetResult Data) (arguments.TryGetResult Category))

                return detector, category, limit, scores
            }
        )

    use detector = detector
    CalibrationArgument.apply session model detector limit
    let images = DataArgument.testImages session category detector.Card.Method.WhiteLevel

    if detector.Card.Source.Category <> category.Name then
        Session.warn session $"the model was trained on '{detector.Card.Source.Category}', the images are of '{category.Name}'"

    let predictions = predict session detector images scores

    let kept =
        scores
        |> Option.map (fun path -> path, OutputPath.keep session path (fun path -> writeScores path predictions))

    warnOfUnseen session category predictions
    let metrics = metrics session category predictions

    let point =
        OperatingPoint(
            detector.Threshold,
            [| for p in predictions ->
                   let defect: string | null = if p.Item.IsAnomalous then p.Item.Defect else null
                   struct (p.Score, defect) |]
        )

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ for metric, value in metrics do
                      metric.Name, Json.number value
                  "threshold", Json.number point.Threshold
                  "falseAlarms", rateJson point.FalseAlarms
                  "misses", rateJson point.Misses
                  "balancedAccuracy", Json.number point.BalancedAccuracy
                  "missesByDefect", Json.object [ for struct (defect, misses) in point.MissesByDefect -> defect, rateJson misses ] ])
    else
        ConsoleTable.write
            session
            [ Left "metric"; Right "percent" ]
            [ for metric, value in metrics -> [ metric.Title; $"{100.0 * value:F1}" ] ]

        session.Out.WriteLine ""

        ConsoleTable.write
            session
            [ Left $"at threshold {point.Threshold:G5}"; Right "parts"; Right "percent"; Right "95 % interval" ]
            [ let row title (observed: ObservedRate) = let parts, percent, interval = rate observed in [ title; parts; percent; interval ]
              row "false alarms" point.FalseAlarms
              row "misses" point.Misses

              for struct (defect, misses) in point.MissesByDefect do
                  row $"misses of {defect}" misses

              [ "balanced accuracy"; ""; $"{100.0 * point.BalancedAccuracy:F1}"; "" ] ]

    match kept with
    | Some(asked, kept) -> OutputPath.exitCode asked kept
    | None -> ExitCode.Fine

let verb =
    Verb.create
        "eval"
        "scores a model on the test images of a category: metrics, and false alarms and misses at its threshold"
        "falcon eval --model bottle.falcon --data data/mvtec --category bottle"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
