module Falcon.Cli.PredictVerb

open System
open System.Globalization
open System.IO
open Argu
open Falcon
open Falcon.Experiments
open Falcon.Detection
open Falcon.Imaging
open Falcon.Results
open Falcon.Cli.Validation

type PredictArgument =
    | [<Mandatory>] Model of file: string
    | [<Mandatory>] Out of folder: string
    | Threshold of score: float
    | False_Alarms of rate: string
    | Pixel_Threshold of value: float
    | Min_Area of area: string
    | Merge_Within of pixels: int
    | Maps of kind: string
    | Regions of folder: string
    | [<MainCommand; Mandatory>] Images of image: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Out _ -> "the folder for predictions.json, predictions.csv, regions.csv, overlays (.png) and maps (.npy)"
            | Threshold _ -> CalibrationArgument.thresholdUsage
            | False_Alarms _ -> CalibrationArgument.falseAlarmsUsage
            | Pixel_Threshold _ -> RegionOutput.pixelThresholdUsage
            | Min_Area _ -> RegionOutput.minAreaUsage
            | Merge_Within _ -> RegionOutput.mergeWithinUsage
            | Maps _ -> "anomaly maps at the size of the photos: none, half (float16) or full (float32); default: none"
            | Regions _ -> ImageArgument.regionsUsage
            | Images _ -> "image files, or folders of them; what earlier predictions have left there is left out"

let private overlayName stem = $"overlays/{stem}.png"
let private mapName stem = $"maps/{stem}.npy"

/// The longest path that a file system takes.
[<Literal>]
let private MostBytes = 4095

/// Everything that a prediction writes, by its names below the folder; refused where a path would be too long.
let private outputs out search maps (stems: string seq) =
    let names =
        [ EarlierPredictions.ListFile
          "predictions.csv"
          if search then "regions.csv"
          for stem in stems do
              overlayName stem
              if maps <> MapOutput.NoMaps then mapName stem ]

    let tooLong =
        [ for name in names do
              let path = Path.Combine(Path.GetFullPath out, ".unfinished-0000000", name)

              if Text.Encoding.UTF8.GetByteCount path > MostBytes then
                  Finding("would be too long a path", path, "Choose a folder with a shorter path with --out.") ]

    if tooLong.IsEmpty then names else raise (InvalidInputException(Array.ofList tooLong))

type private Row =
    {
        Prediction: Prediction
        /// None where they were not searched.
        Regions: AnomalousRegion list option
        Map: string option
        Overlay: string
    }

    member row.Name = row.Prediction.Item.RelativeName
    member row.Score = row.Prediction.Score

let private overlay (detector: Detector) (prediction: Prediction) (regions: AnomalousRegion list) path =
    let photo = detector.Card.Method.Preprocessing.ReadWhole prediction.Item
    let outlines = regions |> Seq.collect _.Outline
    ImageFile.WritePng(path, PredictionOverlay.Draw(photo, prediction.Map, detector.Threshold, outlines))

let private write (folder: PredictionFolder) (detector: Detector) search maps (stem: string) (prediction: Prediction) =
    let map, overlayName = mapName stem, overlayName stem
    let regions = search |> Option.map (fun search -> List.ofSeq (detector.Regions(prediction, search)))
    MapOutput.write maps (folder.File map) prediction
    overlay detector prediction (defaultArg regions []) (folder.File overlayName)

    { Prediction = prediction
      Regions = regions
      Map = (if maps = MapOutput.NoMaps then None else Some map)
      Overlay = overlayName }

let private toJson model threshold (search: RegionSearch option) (outcome: Predicting.Outcome<Row>) =
    Json.object
        [ "model", Json.text model
          "threshold", Json.number threshold
          "pixelThreshold", (search |> Option.map (fun search -> Json.number search.Threshold) |> Option.defaultValue null)
          "complete", Json.flag (isNull outcome.Ended)
          "images",
          Json.array
              [ for row in outcome.Rows ->
                    PredictionRecord.Of(
                        row.Prediction,
                        threshold,
                        (row.Regions |> Option.map Seq.ofList |> Option.toObj),
                        Option.toObj row.Map,
                        row.Overlay
                    )
                    |> DetectorJson.Node ]
          "unused",
          Json.array
              [ for unused in outcome.Unused ->
                    Json.object
                        [ "image", Json.text unused.Item.RelativeName
                          "path", Json.text unused.Item.Path
                          "what", Json.text (String.Join("; ", unused.Faults |> List.map _.What)) ] ] ]

let private csvHeading = "image,score,threshold,relative,anomalous,regions,percent,map,overlay\n"

let private csvLine threshold (row: Row) =
    let number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)
    let searched what = row.Regions |> Option.map what |> Option.defaultValue ""

    Csv.Line
        [ row.Name
          number row.Score
          number threshold
          number (PredictionRecord.RelativeOf(row.Score, threshold))
          (if row.Score > threshold then "1" else "0")
          searched (List.length >> string)
          searched (List.sumBy _.Percent >> number)
          defaultArg row.Map ""
          row.Overlay ]
    + "\n"

let private show session threshold (rows: Row list) =
    ConsoleTable.write
        session
        [ Left "image"; Right "score"; Right "of threshold"; Left "verdict"; Left "where" ]
        [ for row in rows ->
              [ row.Name
                $"{row.Score:G5}"
                $"{PredictionRecord.RelativeOf(row.Score, threshold):F2}"
                (if row.Score > threshold then "anomalous" else "normal")
                row.Regions |> Option.defaultValue [] |> List.map _.Box |> RegionOutput.describe ] ]

/// Puts what has been predicted before an early end where it is found, and says where.
let private keep session (folder: PredictionFolder) finish photos (outcome: Predicting.Outcome<Row>) =
    if not outcome.Rows.IsEmpty then
        let place =
            try
                finish ()
                folder.Keep()
            with :? InvalidInputException ->
                // There is no room for more: what has been written stays where it is.
                folder.Leave()

        session.Error.WriteLine $"predicting ended early: {outcome.Rows.Length} of {photos} photos are done, in {place}"

let private run session (arguments: ParseResults<PredictArgument>) =
    let model = arguments.GetResult Model

    let detector, images, out, limit, wish, maps =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! images = ImageArgument.collect session (arguments.GetResults Images |> List.concat)

                and! out = OutputPath.folder "--out" (arguments.GetResult Out)
                and! limit = CalibrationArgument.wish (arguments.TryGetResult Threshold) (arguments.TryGetResult False_Alarms)

                and! wish =
                    RegionOutput.wish
                        (arguments.TryGetResult Pixel_Threshold)
                        (arguments.TryGetResult Min_Area)
                        (arguments.TryGetResult Merge_Within)

                and! maps = MapOutput.read (arguments.TryGetResult Maps)

                return detector, images, out, limit, wish, maps
            }
        )

    use detector = detector
    ImageArgument.checkRegions session detector (arguments.TryGetResult Regions)
    let images = ImageArgument.lookedAt (arguments.TryGetResult Regions) images

    CalibrationArgument.apply session model detector limit
    let search = RegionOutput.search session detector wish
    let stems = FileName.Stems([| for image in images -> image.RelativeName |], [| ".png"; ".npy" |])
    use folder = new PredictionFolder(out, outputs out search.IsSome maps stems.Values)
    let threshold = detector.Threshold
    folder.Append("predictions.csv", csvHeading)
    if search.IsSome then folder.Append("regions.csv", RegionOutput.csvHeading)

    let predict (prediction: Prediction) =
        let row = write folder detector search maps stems[prediction.Item.RelativeName] prediction
        folder.Append("predictions.csv", csvLine threshold row)

        if search.IsSome then
            folder.Append("regions.csv", RegionOutput.csvLines row.Name (defaultArg row.Regions []))

        row

    let outcome = Predicting.each session detector images "predicting" predict
    let json = toJson model threshold search outcome

    let finish () =
        FileFault.WriteAllBytes(folder.File EarlierPredictions.ListFile, Text.Encoding.UTF8.GetBytes(Json.render json + "\n"))

    Findings.writeAll session.Error (Predicting.faults outcome.Unused)

    match outcome.Ended with
    | null when outcome.Rows.IsEmpty -> ExitCode.InvalidInput
    | null ->
        finish ()
        let place = folder.Commit()

        if session.Options.Json then
            Json.write session json
        else
            show session threshold outcome.Rows
            session.Out.WriteLine $"threshold {threshold:G5}; predictions and overlays: {out}"

        if outcome.Unused.IsEmpty then
            ExitCode.Fine
        else
            session.Error.WriteLine $"{outcome.Unused.Length} of {images.Length} photos could not be used; {place} has the others"
            ExitCode.SomeFailed
    | error ->
        keep session folder finish images.Length outcome
        raise error

let verb =
    Verb.create
        "predict"
        "says which images are anomalous, and where"
        "falcon predict --model bottle.falcon photos/line-3 --out predictions"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
