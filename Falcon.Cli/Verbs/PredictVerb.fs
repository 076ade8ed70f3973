module Falcon.Cli.PredictVerb

open System
open System.Globalization
open System.IO
open Argu
open Falcon
open Falcon.Data
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
            | Threshold _ -> "the score above which a part counts as anomalous; default: the model's"
            | False_Alarms _ -> "a rate of false alarms to take the threshold from the model's held-out scores for, for example 1%"
            | Pixel_Threshold _ -> "the value of the anomaly map above which a pixel belongs to a region; default: the model's"
            | Min_Area _ -> "the smallest region to report, in pixels or as a share of the image: 25 or 0.1%; default: every region"
            | Merge_Within _ -> "regions with at most so many pixels between them are one; default: 0, only those that touch"
            | Maps _ -> "anomaly maps at the size of the photos: none, half (float16) or full (float32); default: none"
            | Regions _ -> "masks of what is looked at of each photo, white, named like the photos; or one for all"
            | Images _ -> "image files, or folders of them"

/// Names of an image's outputs: its own with another ending, unless that would name another image's too.
let private stems (images: ImageItem list) =
    let bare (image: ImageItem) = string (Path.ChangeExtension(image.RelativeName, null))
    let taken = images |> List.countBy bare |> List.filter (fun (_, count) -> count > 1) |> List.map fst |> Set
    fun image -> if taken.Contains(bare image) then image.RelativeName else bare image

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

let private overlay (threshold: float) (prediction: Prediction) (regions: AnomalousRegion list) path =
    let photo = ImageFile.ReadRgb prediction.Item.Path
    let outlines = regions |> Seq.collect _.Outline
    Directory.CreateDirectory(string (Path.GetDirectoryName(path: string))) |> ignore
    ImageFile.WritePng(path, PredictionOverlay.Draw(photo, prediction.Map, threshold, outlines))

let private write (folder: StagedFolder) (detector: Detector) search maps (stem: string) (prediction: Prediction) =
    let map, overlayName = $"maps/{stem}.npy", $"overlays/{stem}.png"
    let regions = search |> Option.map (fun search -> List.ofSeq (detector.Regions(prediction, search)))
    MapOutput.write maps (folder.File map) prediction
    overlay detector.Threshold prediction (defaultArg regions []) (folder.File overlayName)

    { Prediction = prediction
      Regions = regions
      Map = (if maps = MapOutput.NoMaps then None else Some map)
      Overlay = overlayName }

let private toJson model threshold (search: RegionSearch option) (rows: Row list) =
    Json.object
        [ "model", Json.text model
          "threshold", Json.number threshold
          "pixelThreshold", (search |> Option.map (fun search -> Json.number search.Threshold) |> Option.defaultValue null)
          "images",
          Json.array
              [ for row in rows ->
                    PredictionRecord.Of(
                        row.Prediction,
                        threshold,
                        (row.Regions |> Option.map Seq.ofList |> Option.toObj),
                        Option.toObj row.Map,
                        row.Overlay
                    )
                    |> DetectorJson.Node ] ]

let private toCsv threshold (rows: Row list) =
    let number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)
    let searched what (row: Row) = row.Regions |> Option.map what |> Option.defaultValue ""

    [ "image,score,threshold,relative,anomalous,regions,percent,map,overlay"
      for row in rows do
          Csv.Line
              [ row.Name
                number row.Score
                number threshold
                number (row.Score / threshold)
                (if row.Score > threshold then "1" else "0")
                row |> searched (List.length >> string)
                row |> searched (List.sumBy _.Percent >> number)
                defaultArg row.Map ""
                row.Overlay ] ]
    |> List.map (fun line -> line + "\n")
    |> String.concat ""

let private run session (arguments: ParseResults<PredictArgument>) =
    let model = arguments.GetResult Model

    let detector, images, out, limit, wish, maps =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! images = ImageArgument.collect (arguments.GetResults Images |> List.concat)

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
    use folder = new StagedFolder(out)
    let threshold = detector.Threshold
    let stem = stems images

    let rows =
        Progress.track session "predicting" "img" (int64 images.Length) (fun report ->
            detector.Predict(Array.ofList images, cancellation = session.Cancellation)
            |> Seq.mapi (fun index prediction ->
                session.Cancellation.ThrowIfCancellationRequested()
                let row = write folder detector search maps (stem prediction.Item) prediction
                report (int64 index + 1L) ""
                row)
            |> Seq.toList)

    let json = toJson model threshold search rows
    File.WriteAllText(folder.File "predictions.csv", toCsv threshold rows)

    if search.IsSome then
        let regions = [ for row in rows -> row.Name, defaultArg row.Regions [] ]
        File.WriteAllText(folder.File "regions.csv", RegionOutput.csv regions)

    File.WriteAllText(folder.File "predictions.json", Json.render json + "\n")
    folder.Commit()

    if session.Options.Json then
        Json.write session json
    else
        ConsoleTable.write
            session
            [ Left "image"; Right "score"; Right "of threshold"; Left "verdict"; Left "where" ]
            [ for row in rows ->
                  [ row.Name
                    $"{row.Score:G5}"
                    $"{row.Score / threshold:F2}"
                    (if row.Score > threshold then "anomalous" else "normal")
                    row.Regions |> Option.map RegionOutput.describe |> Option.defaultValue "" ] ]

        session.Out.WriteLine $"threshold {threshold:G5}; predictions and overlays: {out}"

    ExitCode.Fine

let verb =
    Verb.create
        "predict"
        "says which images are anomalous, and where"
        "falcon predict --model bottle.falcon photos/line-3 --out predictions"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
