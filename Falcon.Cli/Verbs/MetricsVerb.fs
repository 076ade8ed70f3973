module Falcon.Cli.MetricsVerb

open System
open System.Collections.Generic
open Argu
open Falcon
open Falcon.Metrics
open Falcon.Results
open Falcon.Cli.Validation

type MetricsArgument =
    | Scores of file: string
    | Maps of folder: string
    | Masks of folder: string
    | Metric of name: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Scores _ -> "a CSV file with the columns path, label (1 anomalous, 0 normal) and score"
            | Maps _ ->
                "a folder of anomaly maps: .npy (float, H x W), .tif of 32-bit floating-point, 16-bit or 8-bit values, 8-bit .png, or .safetensors with a tensor (H, W) per image"
            | Masks _ ->
                "a folder of masks, named as the maps, with or without _mask at the end; a map without a mask is one of a normal image"
            | Metric _ -> "a metric, for example aupro@0.05 or aupimo; repeat it for several; default: all that the input allows"

let private imageMetrics = [ Metric.ImageAuroc; Metric.ImageAp; Metric.ImageF1Max ]

let private pixelMetrics =
    [ Metric.PixelAuroc
      Metric.PixelAp
      Metric.PixelF1Max
      Metric.Aupro 0.3
      Metric.Aupro 0.05
      Metric.RegionOverlap()
      Metric.Aupimo() ]

/// What was given, once it is known to fit together.
type private Input = { Metrics: Metric list; Scores: string option; Folders: (string * string) option }

let private input (arguments: ParseResults<MetricsArgument>) =
    let scores = arguments.TryGetResult Scores
    let metrics = attempt (fun () -> arguments.GetResults Metric |> List.map Metric.Parse)

    let folders =
        match arguments.TryGetResult Maps, arguments.TryGetResult Masks with
        | Some maps, Some masks -> Ok(Some(maps, masks))
        | None, None when scores.IsNone -> Error [ Finding("nothing was given", "falcon metrics", "Add --scores, or --maps and --masks.") ]
        | None, None -> Ok None
        | Some _, None -> Error [ Finding("this option is missing", "--masks", "Add the folder of masks.") ]
        | None, Some _ -> Error [ Finding("this option is missing", "--maps", "Add the folder of anomaly maps.") ]

    require (
        validation {
            let! metrics = metrics
            and! folders = folders

            let all = imageMetrics @ if folders.IsSome then pixelMetrics else []
            return { Metrics = (if metrics.IsEmpty then all else metrics); Scores = scores; Folders = folders }
        }
    )

/// The maps while they are read: how many there are is told as each is asked for the second time.
let private watched (maps: IReadOnlyList<AnomalyMapSample>) (told: int -> unit) =
    let mutable asked = 0

    { new IReadOnlyList<AnomalyMapSample> with
        member _.Item
            with get index =
                asked <- asked + 1
                told asked
                maps[index]
      interface IReadOnlyCollection<AnomalyMapSample> with
          member _.Count = maps.Count
      interface IEnumerable<AnomalyMapSample> with
          member _.GetEnumerator() : IEnumerator<AnomalyMapSample> = maps.GetEnumerator()
      interface System.Collections.IEnumerable with
          member _.GetEnumerator() : System.Collections.IEnumerator = maps.GetEnumerator() :> System.Collections.IEnumerator }

/// Images scored by the maximum of their maps, anomalous when their masks say so.
let private byMaximum (maps: IReadOnlyList<AnomalyMapSample>) =
    let images = [| for map in maps -> float (Seq.max (map.Scores.ToArray())), map.Mask.Span.ContainsAnyExcept 0uy |]

    ImageRanking(Array.map fst images, Array.map snd images)

/// The images and, if there are maps, their pixels. Each map is read twice, and once more where no scores are given.
let private rankings session input =
    match input.Folders with
    | None -> LabelledScores.Read input.Scores.Value, None
    | Some(maps, masks) ->
        use maps = new MapFolder(maps, masks)

        let pixels =
            Progress.track session "reading maps" "map" (2L * int64 maps.Count) (fun report ->
                PixelRanking(
                    watched maps (fun asked ->
                        session.Cancellation.ThrowIfCancellationRequested()
                        report (int64 asked) "")
                ))

        for remark in maps.Remarks do
            Session.warn session (string remark)

        let images =
            match input.Scores with
            | Some file -> LabelledScores.Read file
            | None -> byMaximum maps

        images, Some pixels

let private threshold (images: ImageRanking) (pixels: PixelRanking option) (metric: Metric) =
    metric.Threshold(images, Option.toObj pixels) |> Option.ofNullable

let private run session (arguments: ParseResults<MetricsArgument>) =
    let input = input arguments

    if input.Folders.IsNone && input.Metrics |> List.exists _.NeedsMaps then
        let metric = input.Metrics |> List.find _.NeedsMaps
        raise (InvalidInputException("this metric needs anomaly maps", $"--metric {metric.Name}", "Add --maps and --masks."))

    let images, pixels = rankings session input

    let values =
        [ for metric in input.Metrics -> metric, metric.Of(images, Option.toObj pixels) |> Option.ofNullable, threshold images pixels metric ]

    if session.Options.Json then
        let count (ranking: Ranking) = Json.object [ "anomalous", Json.whole ranking.Positives; "normal", Json.whole ranking.Negatives ]
        let orNull = Option.map Json.number >> Option.defaultValue null

        Json.write
            session
            (Json.object
                [ "metrics", Json.object [ for metric, value, _ in values -> metric.Name, orNull value ]
                  "thresholds",
                  Json.object
                      [ for metric, _, threshold in values do
                            if threshold.IsSome then metric.Name, orNull threshold ]
                  "images", count images
                  match pixels with
                  | Some pixels ->
                      "pixels", count pixels
                      "regions", Json.whole (int64 pixels.Regions)

                      for metric in input.Metrics do
                          match List.ofSeq (metric.PerImage pixels) with
                          | [] -> ()
                          | images ->
                              $"{metric.Name} per image", Json.object [ for image in images -> image.Image, Json.number image.Value ]
                  | None -> () ])
    else
        ConsoleTable.write
            session
            [ Left "metric"; Right "percent"; Right "threshold" ]
            [ for metric, value, threshold in values ->
                  [ metric.Title
                    (match value with
                     | Some value -> $"{100.0 * value:F2}"
                     | None -> "–")
                    (match threshold with
                     | Some threshold -> $"{threshold:G6}"
                     | None -> "") ] ]

        session.Out.WriteLine $"images: {images.Positives} anomalous, {images.Negatives} normal"

        match pixels with
        | Some pixels ->
            session.Out.WriteLine $"pixels: {pixels.Positives} anomalous in {pixels.Regions} regions, {pixels.Negatives} normal"
        | None -> ()

        if input.Scores.IsNone && input.Metrics |> List.exists (fun metric -> not metric.NeedsMaps) then
            session.Out.WriteLine "image score: maximum of the map"

        for variant in input.Metrics |> List.choose (fun metric -> Option.ofObj metric.Variant) |> List.distinct do
            session.Out.WriteLine variant

        if values |> List.exists (fun (_, value, _) -> value.IsNone) then
            session.Out.WriteLine "–: undefined, for the data are of one class only"

    ExitCode.Fine

let verb =
    Verb.create
        "metrics"
        "evaluates anybody's scores or anomaly maps"
        "falcon metrics --maps predictions/maps --masks data/bottle/ground_truth --metric aupro@0.3"
        [ CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
