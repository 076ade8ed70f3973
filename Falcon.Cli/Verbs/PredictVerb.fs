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
    | [<MainCommand; Mandatory>] Images of image: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Out _ -> "the folder for predictions.csv, predictions.json, raw maps (.npy) and overlays (.png)"
            | Threshold _ -> "the score above which a part counts as anomalous; default: the model's"
            | False_Alarms _ -> "a rate of false alarms to take the threshold from the model's held-out scores for, for example 1%"
            | Images _ -> "image files, or folders of them"

let private isImage (path: string) = Seq.contains ((string (Path.GetExtension path)).ToLowerInvariant()) ImageFile.Extensions

let private expand (argument: string) =
    if Directory.Exists argument then
        match Directory.GetFiles(argument, "*", SearchOption.AllDirectories) |> Array.filter isImage with
        | [||] -> Error [ Finding("there is no image in this folder", argument, "Give image files, or a folder that holds some.") ]
        | files -> Ok(files |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b)) |> List.ofArray)
    elif File.Exists argument then
        Ok [ argument ]
    else
        Error [ Finding("there is no such image or folder", argument, "Check the path.") ]

/// The deepest folder that holds all files.
let private commonFolder (files: string list) =
    let parts (file: string) = (string (Path.GetDirectoryName file)).Split Path.DirectorySeparatorChar

    files
    |> List.map parts
    |> List.reduce (fun a b ->
        Array.zip (Array.truncate b.Length a) (Array.truncate a.Length b)
        |> Array.takeWhile (fun (x, y) -> x = y)
        |> Array.map fst)
    |> String.concat (string Path.DirectorySeparatorChar)
    |> fun folder -> if folder = "" then string Path.DirectorySeparatorChar else folder

/// The images, each once, named by their path below the folder that they share.
let private collect arguments =
    let expanded = List.map expand arguments

    match
        expanded
        |> List.collect (function
            | Error findings -> findings
            | Ok _ -> [])
    with
    | [] ->
        let files =
            expanded
            |> List.collect (function
                | Ok files -> files
                | Error _ -> [])
            |> List.map Path.GetFullPath
            |> List.distinct

        let folder = commonFolder files
        Ok [ for file in files -> ImageItem(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), "unknown", false) ]
    | findings -> Error findings

/// Names of an image's outputs: its own with another ending, unless that would name another image's too.
let private stems (images: ImageItem list) =
    let bare (image: ImageItem) = string (Path.ChangeExtension(image.RelativeName, null))
    let taken = images |> List.countBy bare |> List.filter (fun (_, count) -> count > 1) |> List.map fst |> Set
    fun image -> if taken.Contains(bare image) then image.RelativeName else bare image

type private Row = { Image: ImageItem; Score: float; Map: string; Overlay: string }

/// The threshold is in the middle of the colours, so that they mean the same in every overlay of a model.
let private overlay (threshold: float) (prediction: Prediction) path =
    let photo = ImageFile.ReadRgb prediction.Item.Path
    let map = prediction.Map
    let image = HeatMap.Overlay(photo, map.Values, map.Width, map.Height, float32 (0.5 * threshold), float32 (1.5 * threshold))
    ImageFile.WritePng(path, image)

let private write (folder: StagedFolder) threshold (stem: string) (prediction: Prediction) =
    let map, overlayName = $"maps/{stem}.npy", $"overlays/{stem}.png"
    let full = prediction.Map.Resize(prediction.Width, prediction.Height)
    NpyFile.write (folder.File map) full.Values full.Width full.Height
    let path = folder.File overlayName
    Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
    overlay threshold prediction path

    { Image = prediction.Item; Score = prediction.Score; Map = map; Overlay = overlayName }

let private toJson model threshold rows =
    Json.object
        [ "model", Json.text model
          "threshold", Json.number threshold
          "images",
          Json.array
              [ for row in rows ->
                    Json.object
                        [ "image", Json.text row.Image.RelativeName
                          "path", Json.text row.Image.Path
                          "score", Json.number row.Score
                          "relative", Json.number (row.Score / threshold)
                          "anomalous", Json.flag (row.Score > threshold)
                          "map", Json.text row.Map
                          "overlay", Json.text row.Overlay ] ] ]

let private toCsv threshold rows =
    let number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    [ "image,score,threshold,relative,anomalous,map,overlay"
      for row in rows do
          let anomalous = if row.Score > threshold then "1" else "0"
          Csv.Line [ row.Image.RelativeName; number row.Score; number threshold; number (row.Score / threshold); anomalous; row.Map; row.Overlay ] ]
    |> List.map (fun line -> line + "\n")
    |> String.concat ""

let private run session (arguments: ParseResults<PredictArgument>) =
    let model, out = arguments.GetResult Model, arguments.GetResult Out

    let detector, images, rate =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! images = collect (arguments.GetResults Images |> List.concat)

                and! rate =
                    match arguments.TryGetResult False_Alarms with
                    | Some text -> CalibrationArgument.falseAlarms text |> Result.map Some
                    | None -> Ok None

                return detector, images, rate
            }
        )

    use detector = detector

    match rate, arguments.TryGetResult Threshold with
    | Some _, Some _ -> raise (InvalidInputException("there are two thresholds", "--threshold and --false-alarms", "Give one of them."))
    | Some rate, None ->
        match detector.Card.HeldOut with
        | null -> raise (InvalidInputException("holds no scores of photos held out", model, "Give --threshold, or train it again with this Falcon."))
        | heldOut -> detector.Calibrate(heldOut, rate)
    | None, Some threshold -> detector.Threshold <- threshold
    | None, None -> ()

    use folder = new StagedFolder(out)
    let threshold = detector.Threshold
    let stem = stems images

    let rows =
        Progress.track session "predicting" "img" (int64 images.Length) (fun report ->
            detector.Predict(Array.ofList images, cancellation = session.Cancellation)
            |> Seq.mapi (fun index prediction ->
                session.Cancellation.ThrowIfCancellationRequested()
                let row = write folder threshold (stem prediction.Item) prediction
                report (int64 index + 1L) ""
                row)
            |> Seq.toList)

    let json = toJson model threshold rows
    File.WriteAllText(folder.File "predictions.csv", toCsv threshold rows)
    File.WriteAllText(folder.File "predictions.json", Json.render json + "\n")
    folder.Commit()

    if session.Options.Json then
        Json.write session json
    else
        ConsoleTable.write
            session
            [ Left "image"; Right "score"; Right "of threshold"; Left "verdict" ]
            [ for row in rows ->
                  [ row.Image.RelativeName; $"{row.Score:G5}"; $"{row.Score / threshold:F2}"; (if row.Score > threshold then "anomalous" else "normal") ] ]

        session.Out.WriteLine $"threshold {threshold:G5}; predictions, maps and overlays: {out}"

    ExitCode.Fine

let verb =
    Verb.create
        "predict"
        "says which images are anomalous, and where"
        "falcon predict --model bottle.falcon photos/line-3 --out predictions"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
