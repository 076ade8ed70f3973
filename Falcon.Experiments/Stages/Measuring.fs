/// Metrics of a cell from its scores and maps.
module internal Falcon.Experiments.Stages.Measuring

open System
open System.Collections
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Text
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Weights

[<Literal>]
let Name = "metric"

let private version = 1

/// A metric's value, none where it is undefined.
type Measured = { Metric: Metric; Value: float option; Seconds: float }

/// The maps of a cell beside the truth, at the size of the photos; each is read when asked for.
type private MapSamples(threshold: MaskThreshold, maps: SafetensorsFile, images: ImageItem array) =
    let sample (image: ImageItem) =
        let struct (width, height, _) = ImageFile.ReadSize image.Path
        let shape = maps.Entry(image.RelativeName).Shape
        let map = AnomalyMap(maps.Floats image.RelativeName, int shape[1], int shape[0]).Resize(width, height)

        let mask =
            match image.MaskPath with
            | null -> ReadOnlyMemory.Empty
            | mask -> ReadOnlyMemory(DefectMask.Read(mask, threshold).Pixels)

        AnomalyMapSample(image.RelativeName, width, ReadOnlyMemory map.Values, mask)

    interface IReadOnlyList<AnomalyMapSample> with
        member _.Item
            with get index = sample images[index]

    interface IReadOnlyCollection<AnomalyMapSample> with
        member _.Count = images.Length

    interface IEnumerable<AnomalyMapSample> with
        member _.GetEnumerator() = (Seq.map sample images).GetEnumerator()

    interface IEnumerable with
        member _.GetEnumerator() = (Seq.map sample images :> IEnumerable).GetEnumerator()

let private content (value: Nullable<float>) =
    let text = if value.HasValue then value.Value.ToString("R", CultureInfo.InvariantCulture) else "undefined"
    [ "value", Output.Bytes(Encoding.UTF8.GetBytes text) ]

let private read metric (result: StageResult) =
    let value =
        match File.ReadAllText(TensorFile.path result) with
        | "undefined" -> None
        | text -> Some(Double.Parse(text, CultureInfo.InvariantCulture))

    { Metric = metric; Value = value; Seconds = result.Seconds }

/// All metrics of one cell at once: they share one ranking of the images and one of the pixels.
let work (category: Category) =
    let images = Array.ofSeq category.TestImages

    let compute (wanted: (Metric * Scoring.Scored) list) (_: Workspace) =
        let scored = snd wanted.Head
        let ranking = ImageRanking(Scoring.scores scored, [| for image in images -> image.IsAnomalous |])

        let pixels =
            if wanted |> List.exists (fun (metric, _) -> metric.NeedsMaps) then
                TensorFile.read scored.Maps (fun maps -> Some(PixelRanking(MapSamples(category.MaskThreshold, maps, images))))
            else
                None

        [ for metric, _ in wanted -> content (metric.Of(ranking, Option.toObj pixels)) ]

    Work.Together(Int32.MaxValue, compute)

/// The stage: from maps and scores to a metric's value. `truth` stands for what is compared with: labels, and masks where they are read.
let stage (metric: Metric) (maskThreshold: MaskThreshold) work : Stage<Metric * Scoring.Scored, Measured> =
    { Name = Name
      Version = version
      Record =
        Canonical.ofValue
            {| Metric = string metric
               MaskLevel = if metric.NeedsMaps then Option.ofNullable maskThreshold.Level else None |}
      Work = work
      Read = read metric }

/// The name of the metric that an application measures.
let nameOf (call: StageCall) =
    use record = Text.Json.JsonDocument.Parse call.Record.Text
    string (record.RootElement.GetProperty("Metric").GetString())
