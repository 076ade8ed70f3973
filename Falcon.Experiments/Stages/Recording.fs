/// The record of a cell: everything that tables, plots, pages and the run index show of it.
module internal Falcon.Experiments.Stages.Recording

open System
open System.IO
open Falcon.Data
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Metrics
open Falcon.Results

[<Literal>]
let Name = "cell"

let private version = 1

/// The file of maps in a cell's folder.
[<Literal>]
let Maps = "maps.safetensors"

let private outcomes (category: Category) (scores: float array) =
    [| for item, score in Seq.zip category.TestImages scores do
           let below (path: string | null) =
               match path with
               | null -> null
               | path -> Path.GetRelativePath(category.Folder, path).Replace('\\', '/')

           ImageOutcome(item.RelativeName, item.Defect, item.IsAnomalous, score, below item.MaskPath, Maps, below item.RegionPath) |]

/// The protocol with what only the category knows.
let private protocol images cell (category: Category) =
    let hasMasks = category.TestImages |> Seq.exists (fun item -> not (isNull item.MaskPath))
    (Cell.protocol images cell).WithMasks(Option.toObj (if hasMasks then Some category.MaskThreshold else None))

let private record
    (cell: Cell)
    (category: Category)
    images
    (dataDigest: string)
    ((trained: Training.Trained, scored: Measuring.Measurable), measured: Measuring.Measured list)
    (_: Workspace)
    =
    let metrics = [| for item in measured -> MetricValue(item.Metric, Option.toNullable item.Value) |]
    let notes: Training.Notes = Training.notes trained
    let evaluate = measured |> List.sumBy _.Seconds
    let timings = Timings(notes.PrepareSeconds, trained.Seconds - notes.PrepareSeconds, scored.Scored.Seconds, evaluate)

    // What a study calls its methods is added when the record is read: equal keys give equal records.
    let label = Cell.label cell

    let result =
        CellResult(
            MethodLabel(label.Name, label.Title),
            cell.Data.Name,
            cell.Category,
            cell.Seed,
            protocol images cell category,
            metrics,
            outcomes category (Scoring.scores scored.Scored),
            timings,
            notes.Provenance.WithData dataDigest,
            Training.losses trained.Model,
            HeldOut = (scored.HeldOut |> Option.map (fun known -> Array.ofList known.Scores) |> Option.toObj),
            HeldOutModels = (scored.HeldOut |> Option.filter (fun known -> known.Models > 1) |> Option.map _.Models |> Option.toNullable)
        )

    [ "cell", Output.Bytes(CellFolder.Json result) ]

/// The stage: from training on so many images, scores and metrics to the cell's record.
let stage
    (cell: Cell)
    (category: Category)
    images
    dataDigest
    : Stage<(Training.Trained * Measuring.Measurable) * Measuring.Measured list, string> =
    { Name = Name
      Version = version
      Libraries = []
      Record =
        Canonical.ofValue
            {| Id = Cell.id cell
               Title = Cell.title cell
               DataSet = cell.Data.Name
               Category = cell.Category
               Protocol = string (protocol images cell category)
               Data = dataDigest |}
      Work = Work.Alone(record cell category images dataDigest)
      Read = TensorFile.path }

/// The readable name of the cell whose record an application gives.
let idOf (call: StageCall) =
    use record = Text.Json.JsonDocument.Parse call.Record.Text
    string (record.RootElement.GetProperty("Id").GetString())
