// Two metrics and an image score.
#load "../../experiments/falcon.fsx"

open System
open Falcon.Experiments
open Falcon.Metrics
open Falcon.Protocol

/// The share of anomalous images that score above every good one.
let PerfectRecall =
    { new ImageMetric("perfectRecall", "Recall without false alarms") with
        override _.Of images =
            if images.Positives = 0L then
                Nullable()
            else
                let found = images.Groups |> Seq.takeWhile (fun tied -> tied.Negatives = 0L) |> Seq.sumBy _.Positives
                Nullable(float found / float images.Positives) }
    :> Metric

/// The share of anomalous pixels found where one normal pixel in a hundred is called anomalous.
let PixelRecall =
    { new PixelMetric("pixelRecall@0.01", "Pixel recall", "pixel recall: at a false-positive rate of 0.01") with
        override _.Of pixels =
            if not pixels.IsDefined then
                Nullable()
            else
                let allowed = int64 (0.01 * float pixels.Negatives)

                let found, _ =
                    ((0L, 0L), pixels.Groups)
                    ||> Seq.fold (fun (found, alarms) tied ->
                        if alarms + tied.Negatives > allowed then
                            found, Int64.MaxValue / 2L
                        else
                            found + tied.Positives, alarms + tied.Negatives)

                Nullable(float found / float pixels.Positives) }
    :> Metric

/// The mean of the map: an image score for defects that are everywhere.
let meanOfMap =
    { new ImageScoreReducer("mean of the map") with
        override _.Of(values, _, _) = float (Array.average values) }
