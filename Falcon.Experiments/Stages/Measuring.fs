/// Metrics of a cell from its scores and maps.
module internal Falcon.Experiments.Stages.Measuring

open System
open System.Globalization
open System.IO
open System.Text
open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Reports
open Falcon.Results
open Falcon.Weights

[<Literal>]
let Name = "metric"

/// The input that is which test images are anomalous.
[<Literal>]
let Labels = "labels"

/// The input that is where they are.
[<Literal>]
let Masks = "masks"

/// Of metrics of images, and of pixels, whose masks have been read otherwise since.
let private version, pixelVersion = 1, 2

/// What a metric is measured on: the scored test images, and the held-out scores of training images where its threshold comes from them.
type Measurable = { Scored: Scoring.Scored; HeldOut: HoldingOut.HeldOut option }

/// A metric's value, none where it is undefined.
type Measured = { Metric: Metric; Value: float option; Seconds: float }

/// A test image: its name among the maps, its photo, its mask if it has one, and what was looked at of it.
type private Pictured = { Name: string; Photo: string; Mask: string option; Region: unit -> RegionOfInterest | null }

/// The maps of a cell beside the truth, at the size of the photos; each is read when asked for.
let private samples threshold (size: EvaluationSize) maps (images: Pictured array) =
    let sample index =
        let image = images[index]
        let photo = ImageFile.ReadShape image.Photo
        let struct (width, height) = size.For(photo.Width, photo.Height)
        ((Scoring.map maps image.Name).Within(image.Region())).Beside(image.Name, Option.toObj image.Mask, threshold, width, height)

    AnomalyMapSamples(images.Length, sample)

let private content (metric: Metric) (value: Nullable<float>) =
    if value.HasValue && not (Double.IsFinite value.Value) then
        raise (
            InvalidInputException(
                $"is {value.Value}",
                $"metric {metric.Name}",
                "Give a finite number, or nothing where the metric is not defined."
            )
        )

    let text = if value.HasValue then value.Value.ToString("R", CultureInfo.InvariantCulture) else "undefined"
    [ "value", Output.Bytes(Encoding.UTF8.GetBytes text) ]

let private read metric (result: StageResult) =
    let value =
        match File.ReadAllText(TensorFile.path result) with
        | "undefined" -> None
        | text -> Some(Double.Parse(text, CultureInfo.InvariantCulture))

    { Metric = metric; Value = value; Seconds = result.Seconds }

/// All metrics of one cell at once: they share one ranking of the images and one of the pixels.
let work (size: EvaluationSize) (preprocessing: Preprocessing) (category: Category) =
    let images = Array.ofSeq category.TestImages

    let pictured =
        [| for image in images ->
               { Name = image.RelativeName
                 Photo = image.Path
                 Mask = Option.ofObj image.MaskPath
                 Region = fun () -> preprocessing.RegionOf image } |]

    let compute (wanted: (Metric * Measurable) list) (_: Workspace) =
        let scored = (snd wanted.Head).Scored
        let heldOut = wanted |> List.tryPick (fun (_, measurable) -> measurable.HeldOut)

        let ranking =
            ImageRanking(
                Scoring.scores scored,
                [| for image in images -> image.IsAnomalous |],
                heldOut |> Option.map (fun known -> Array.ofList known.Scores) |> Option.toObj,
                heldOut |> Option.map _.Models |> Option.defaultValue 1
            )

        let pixels =
            if wanted |> List.exists (fun (metric, _) -> metric.NeedsMaps) then
                TensorFile.read scored.Maps (fun maps -> Some(PixelRanking(samples category.MaskThreshold size maps pictured)))
            else
                None

        [ for metric, _ in wanted ->
              content metric (StudyPart.run $"metric {metric.Name}" (fun () -> metric.Of(ranking, Option.toObj pixels))) ]

    Work.Together(Int32.MaxValue, compute)

/// The stage: from maps and scores to a metric's value. `truth` stands for what is compared with: labels, and masks where they are read.
let stage (metric: Metric) (size: EvaluationSize) (maskThreshold: MaskThreshold) work : Stage<Metric * Measurable, Measured> =
    { Name = Name
      Version = (if metric.NeedsMaps then pixelVersion else version)
      Libraries = (if metric.NeedsMaps then [ Libraries.engine; Libraries.decoder ] else [])
      Record =
        Canonical.ofValue
            {| Metric = string metric
               Size = if metric.NeedsMaps then Some(string size) else None
               MaskLevel = if metric.NeedsMaps then Option.ofNullable maskThreshold.Level else None |}
      Work = work
      Read = read metric }

/// The name of the metric that an application measures.
let nameOf (call: StageCall) =
    use record = Text.Json.JsonDocument.Parse call.Record.Text
    string (record.RootElement.GetProperty("Metric").GetString())

/// The ranked pixels of a finished cell, read from its folder and that of its photos; none where one of them is not at hand.
let pixelsOf (source: CellSource) =
    match source.Folder, source.CategoryFolder with
    | null, _
    | _, null -> None
    | folder, photos ->
        let place (name: string) = Path.Combine(photos, name)

        let pictured =
            [| for image in source.Cell.Images ->
                   { Name = image.Image
                     Photo = place image.Image
                     Mask = image.MaskFile |> Option.ofObj |> Option.map place
                     Region =
                       fun () ->
                           match image.RegionFile with
                           | null -> source.Cell.Protocol.RegionOfInterest
                           | file -> RegionOfInterest.Read(place file) } |]

        let threshold = source.Cell.Protocol.MaskThreshold |> Option.ofObj |> Option.defaultValue MaskThreshold.Automatic
        let maps = source.Cell.Images |> Seq.tryPick (fun image -> Option.ofObj image.MapFile)

        maps
        |> Option.map (fun maps ->
            TensorFile.read (Path.Combine(folder, maps)) (fun file ->
                PixelRanking(samples threshold source.Cell.Protocol.EvaluationSize file pictured)))
