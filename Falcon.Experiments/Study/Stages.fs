/// The stages of a cell: select, train, predict, measure. Each takes what it reads and returns what it makes.
module internal Falcon.Experiments.Stages

open System
open System.Collections
open System.Collections.Generic
open System.IO
open System.Runtime.InteropServices
open System.Threading
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Results
open Falcon.Training
open Falcon.Weights

/// The training images of a cell, in the order in which the sampler chose them.
let select (category: Category) (cell: Cell) : ImageItem list =
    cell.Sampler.Select(category.TrainImages, cell.Shots, MasterSeed cell.Seed) |> List.ofSeq

/// A detector trained on the selected images.
let train (teacher: Teacher) loaderWorkers (progress: IProgress<TrainingProgress>) cancellation (cell: Cell) (images: ImageItem list) =
    let source = DetectorSource(cell.Data.Name, cell.Category, string cell.Sampler)

    Detector.Train(
        cell.Method,
        teacher,
        Array.ofList images,
        MasterSeed cell.Seed,
        source,
        ComputedInputs(teacher, loaderWorkers),
        progress = progress,
        cancellation = cancellation
    )

/// Scores and maps of the test images, in their order.
let predict (detector: Detector) loaderWorkers (told: int -> unit) (cancellation: CancellationToken) (images: IReadOnlyList<ImageItem>) =
    detector.Predict(images, ComputedInputs(detector.Network.Teacher, loaderWorkers), cancellation)
    |> Seq.mapi (fun index prediction ->
        told (index + 1)
        prediction)
    |> Array.ofSeq

/// Writes the maps, each under its image's name.
let writeMaps path (predictions: Prediction array) =
    let tensors =
        predictions
        |> Array.map (fun prediction ->
            let map = prediction.Map
            StoredTensor.Of(prediction.Item.RelativeName, map.Values, int64 map.Height, int64 map.Width))

    SafetensorsWriter.Write(path, tensors)

/// What the results say of each test image.
let outcomes (categoryFolder: string) (predictions: Prediction array) =
    [| for prediction in predictions do
           let item = prediction.Item

           let mask =
               match item.MaskPath with
               | null -> null
               | mask -> Path.GetRelativePath(categoryFolder, mask).Replace('\\', '/')

           ImageOutcome(item.RelativeName, item.Defect, item.IsAnomalous, prediction.Score, mask, CellFiles.Maps) |]

/// The maps of a cell beside the truth, at the size of the photos; each is read when asked for.
type private MapSamples(category: Category, maps: SafetensorsFile, images: IReadOnlyList<ImageOutcome>) =
    let path (name: string) = Path.Combine(category.Folder, name)

    let sample (image: ImageOutcome) =
        let struct (width, height, _) = ImageFile.ReadSize(path image.Image)
        let shape = maps.Entry(image.Image).Shape
        let map = AnomalyMap(maps.Floats image.Image, int shape[1], int shape[0]).Resize(width, height)

        let mask =
            match image.MaskFile with
            | null -> ReadOnlyMemory.Empty
            | mask -> ReadOnlyMemory(DefectMask.Read(path mask, category.MaskThreshold).Pixels)

        AnomalyMapSample(image.Image, width, ReadOnlyMemory map.Values, mask)

    interface IReadOnlyList<AnomalyMapSample> with
        member _.Item
            with get index = sample images[index]

    interface IReadOnlyCollection<AnomalyMapSample> with
        member _.Count = images.Count

    interface IEnumerable<AnomalyMapSample> with
        member _.GetEnumerator() = (Seq.map sample images).GetEnumerator()

    interface IEnumerable with
        member _.GetEnumerator() = (Seq.map sample images :> IEnumerable).GetEnumerator()

/// The metrics of a cell from its scores and the maps in its folder.
let measure (metrics: Metric list) (category: Category) (cellFolder: string) (images: IReadOnlyList<ImageOutcome>) : MetricValue list =
    let scores = ImageRanking([| for image in images -> image.Score |], [| for image in images -> image.IsAnomalous |])

    let pixels =
        if metrics |> List.exists _.NeedsMaps then
            use maps = SafetensorsFile.Open(Path.Combine(cellFolder, CellFiles.Maps))
            Some(PixelRanking(MapSamples(category, maps, images)))
        else
            None

    [ for metric in metrics -> MetricValue(metric, metric.Of(scores, Option.toObj pixels)) ]
