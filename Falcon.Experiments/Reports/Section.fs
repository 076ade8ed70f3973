namespace Falcon.Experiments

open System
open System.Globalization
open Falcon
open Falcon.Experiments.Stages
open Falcon.Metrics
open Falcon.Reports

[<RequireQualifiedAccess>]
type Section =
    | PerCategory of Metric
    | Summary
    | Ablation of Metric list
    | Comparisons of Metric
    | Reported
    | Roc
    | PrecisionRecall
    | RegionOverlap of limit: float
    | Scores
    | Shots of Metric
    | Categories of Metric
    | CriticalDifference of Metric
    | Training
    | Cost of Metric
    | Overlays

module Table =
    let perCategory metric = Section.PerCategory metric
    let summary = Section.Summary
    let ablation metrics = Section.Ablation metrics
    let comparisons metric = Section.Comparisons metric
    let reported = Section.Reported

module Plot =
    let roc = Section.Roc
    let precisionRecall = Section.PrecisionRecall
    let regionOverlap limit = Section.RegionOverlap limit
    let scores = Section.Scores
    let shots metric = Section.Shots metric
    let categories metric = Section.Categories metric
    let criticalDifference metric = Section.CriticalDifference metric
    let training = Section.Training
    let cost metric = Section.Cost metric

module Gallery =
    let overlays = Section.Overlays

module Section =
    let text section =
        match section with
        | Section.PerCategory metric -> $"table per-category {metric}"
        | Section.Summary -> "table summary"
        | Section.Ablation metrics -> $"""table ablation {String.Join(' ', metrics)}"""
        | Section.Comparisons metric -> $"table comparisons {metric}"
        | Section.Reported -> "table reported"
        | Section.Roc -> "plot roc"
        | Section.PrecisionRecall -> "plot precision-recall"
        | Section.RegionOverlap limit -> "plot region-overlap " + limit.ToString CultureInfo.InvariantCulture
        | Section.Scores -> "plot scores"
        | Section.Shots metric -> $"plot shots {metric}"
        | Section.Categories metric -> $"plot categories {metric}"
        | Section.CriticalDifference metric -> $"plot critical-difference {metric}"
        | Section.Training -> "plot training"
        | Section.Cost metric -> $"plot cost {metric}"
        | Section.Overlays -> "gallery overlays"

    let tryParse (text: string) =
        let metric name make =
            try
                Some(make (Metric.Parse name))
            with :? InvalidInputException ->
                None

        match List.ofArray (text.Split ' ') with
        | [ "table"; "per-category"; name ] -> metric name Section.PerCategory
        | [ "table"; "summary" ] -> Some Section.Summary
        | "table" :: "ablation" :: names ->
            let metrics = names |> List.map (fun name -> metric name id)
            if List.forall Option.isSome metrics then Some(Section.Ablation(List.choose id metrics)) else None
        | [ "table"; "comparisons"; name ] -> metric name Section.Comparisons
        | [ "table"; "reported" ] -> Some Section.Reported
        | [ "plot"; "roc" ] -> Some Section.Roc
        | [ "plot"; "precision-recall" ] -> Some Section.PrecisionRecall
        | [ "plot"; "region-overlap"; limit ] ->
            match Double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, limit -> Some(Section.RegionOverlap limit)
            | false, _ -> None
        | [ "plot"; "scores" ] -> Some Section.Scores
        | [ "plot"; "shots"; name ] -> metric name Section.Shots
        | [ "plot"; "categories"; name ] -> metric name Section.Categories
        | [ "plot"; "critical-difference"; name ] -> metric name Section.CriticalDifference
        | [ "plot"; "training" ] -> Some Section.Training
        | [ "plot"; "cost"; name ] -> metric name Section.Cost
        | [ "gallery"; "overlays" ] -> Some Section.Overlays
        | _ -> None

    let readsMaps section =
        match section with
        | Section.Overlays
        | Section.RegionOverlap _ -> true
        | _ -> false

    let private table (cells: CellSet) section =
        match section with
        | Section.PerCategory metric -> Some(TablePerCategory.Of(cells, metric))
        | Section.Summary -> Some(TableSummary.Of cells)
        | Section.Ablation metrics -> Some(TableAblation.Of(cells, Array.ofList metrics))
        | Section.Comparisons metric -> Some(TableComparisons.Of(cells, metric))
        | Section.Reported -> Some(TableReported.Of cells)
        | _ -> None

    let tables sections cells = List.choose (table cells) sections

    let private overlap (sources: CellSource list) (cells: CellSet) (limit: float) =
        let pixels cell =
            sources
            |> List.tryFind (fun source -> obj.ReferenceEquals(source.Cell, cell))
            |> Option.bind Measuring.pixelsOf
            |> Option.toObj

        OverlapPlot.Of(cells, pixels, limit)

    /// The first seed of each method, number of shots and category.
    let private histograms (cells: CellSet) =
        cells.Cells
        |> Seq.groupBy (fun cell -> cell.Method, cell.Protocol.Shots, cell.DataSet, cell.Category)
        |> Seq.mapi (fun index (_, seeds) -> ScoreHistogram.Of(Seq.minBy _.Seed seeds, $"scores-{index + 1}"))
        |> List.ofSeq

    let private figure sources (cells: CellSet) section =
        match section with
        | Section.Roc -> [ RocPlot.Of cells ]
        | Section.PrecisionRecall -> [ PrecisionRecallPlot.Of cells ]
        | Section.RegionOverlap limit -> [ overlap sources cells limit ]
        | Section.Scores -> histograms cells
        | Section.Shots metric -> [ ShotsPlot.Of(cells, metric) ]
        | Section.Categories metric -> [ CategoryPlot.Of(cells, metric) ]
        | Section.CriticalDifference metric -> [ CriticalDifferencePlot.Of(cells, metric) ]
        | Section.Training -> [ TrainingPlot.Of cells ]
        | Section.Cost metric -> [ CostPlot.Of(cells, metric) ]
        | _ -> []

    let figures sections sources cells = sections |> List.collect (figure sources cells) |> List.choose Option.ofObj
