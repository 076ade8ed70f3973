/// Regions of predictions: --pixel-threshold, --min-area, --merge-within, and what files say of them.
module Falcon.Cli.RegionOutput

open System
open System.Globalization
open Falcon
open Falcon.Detection
open Falcon.Cli.Validation

/// What the user wants other than the model has it.
type Wish = { PixelThreshold: float option; MinArea: SmallestArea option; MergeWithin: int option }

let pixelThresholdUsage = "the value of the anomaly map above which a pixel belongs to a region; default: the model's"
let minAreaUsage = "the smallest region to report, in pixels or as a share of the image: 25 or 0.1%; default: every region"
let mergeWithinUsage = "regions with at most so many pixels between them are one; default: 0, only those that touch"

/// Reads the three options.
let wish pixelThreshold (minArea: string option) mergeWithin =
    validation {
        let! minArea =
            match minArea with
            | None -> Ok None
            | Some text ->
                attempt (fun () -> Some(SmallestArea.Parse text))
                |> Result.mapError (List.map (fun finding -> Finding(finding.What, "--min-area", finding.Fix)))

        and! mergeWithin =
            match mergeWithin with
            | Some pixels when pixels < 0 || pixels > 1000 ->
                Error [ Finding($"{pixels} is no distance in pixels", "--merge-within", "Give a number from 0 to 1000.") ]
            | pixels -> Ok pixels

        and! pixelThreshold =
            match pixelThreshold with
            | Some value when not (Double.IsFinite value) ->
                Error [ Finding($"{value} is no value of a map", "--pixel-threshold", "Give a number.") ]
            | value -> Ok value

        return { PixelThreshold = pixelThreshold; MinArea = minArea; MergeWithin = mergeWithin }
    }

/// How regions are searched; None, with a warning, where nothing is known of a pixel threshold and nobody asks for regions.
let search session (detector: Detector) wish =
    match wish, detector.Card.PixelThreshold.HasValue with
    | { PixelThreshold = None; MinArea = None; MergeWithin = None }, false ->
        Session.warn
            session
            "the model is of an earlier Falcon and has no pixel threshold, so no regions are found: train it again, or give --pixel-threshold VALUE"

        None
    | _ ->
        let search = detector.RegionSearch(Option.toNullable wish.PixelThreshold)

        Some(
            RegionSearch(
                search.Threshold,
                search.PeakAbove,
                defaultArg wish.MinArea search.Smallest,
                defaultArg wish.MergeWithin search.MergeWithin
            )
        )

/// A few words about an image's regions, by their boxes.
let describe (boxes: RegionBox list) =
    let place (box: RegionBox) = $"{box.Width}×{box.Height} at {box.X},{box.Y}"

    match boxes with
    | [] -> ""
    | [ only ] -> place only
    | first :: others -> $"{place first} and {others.Length} more"

let csvHeading = "image,region,x,y,width,height,area,percent,peak,peakX,peakY,centroidX,centroidY\n"

/// One line for each region of an image; regions are numbered in the order of their peaks.
let csvLines image (regions: AnomalousRegion list) =
    let number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    [ for index, region in Seq.indexed regions do
          let box, peak, centroid = region.Box, region.Peak, region.Centroid

          Csv.Line
              [ image
                string (index + 1)
                string box.X
                string box.Y
                string box.Width
                string box.Height
                string region.Area
                number region.Percent
                number peak.Value
                string peak.X
                string peak.Y
                number centroid.X
                number centroid.Y ] ]
    |> List.map (fun line -> line + "\n")
    |> String.concat ""
