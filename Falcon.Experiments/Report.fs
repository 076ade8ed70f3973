namespace Falcon.Experiments

open System.IO
open Falcon.Reports
open Falcon.Results

[<NoEquality; NoComparison>]
type Section =
    | Table of (CellSet -> ReportTable)
    | Figure of (CellSet -> Figure option)
    | Overlays

module Table =
    let perCategory metric = Table(fun cells -> TablePerCategory.Of(cells, metric))

    let summary = Table TableSummary.Of

    let ablation metrics = Table(fun cells -> TableAblation.Of(cells, Array.ofList metrics))

    let comparisons metric = Table(fun cells -> TableComparisons.Of(cells, metric))

    let reported = Table(fun cells -> TableReported.Of cells)

module Plot =
    let roc = Figure(fun cells -> Option.ofObj (RocPlot.Of cells))
    let precisionRecall = Figure(fun cells -> Option.ofObj (PrecisionRecallPlot.Of cells))
    let shots metric = Figure(fun cells -> Option.ofObj (ShotsPlot.Of(cells, metric)))
    let categories metric = Figure(fun cells -> Option.ofObj (CategoryPlot.Of(cells, metric)))
    let criticalDifference metric = Figure(fun cells -> Option.ofObj (CriticalDifferencePlot.Of(cells, metric)))
    let training = Figure(fun cells -> Option.ofObj (TrainingPlot.Of cells))
    let cost metric = Figure(fun cells -> Option.ofObj (CostPlot.Of(cells, metric)))

module Gallery =
    let overlays = Overlays

module Report =
    let private hasOverlays sections =
        sections
        |> List.exists (fun section ->
            match section with
            | Overlays -> true
            | Table _
            | Figure _ -> false)

    let private source folder =
        let photos = CellFolders.readSource folder |> Option.map _.Images
        CellSource(CellFolder.Read folder, folder, Option.toObj photos)

    let cells results =
        [ for folder in CellFolders.folders results do
              if (CellFolders.tryRead folder).IsSome then source folder ]

    let private contents sections (cells: CellSet) =
        let tables =
            sections
            |> List.choose (fun section ->
                match section with
                | Table table -> Some(table cells)
                | _ -> None)

        let figures =
            sections
            |> List.choose (fun section ->
                match section with
                | Figure figure -> figure cells
                | _ -> None)

        ReportContents(Array.ofList tables, Array.ofList figures)

    // Without the folder of the photos there are no overlays.
    let private withoutPhotos (source: CellSource) = CellSource(source.Cell, source.Folder)

    let write (folder: string) sections (study: StudyResult) =
        let finished =
            [ for cell, outcome in study.Outcomes do
                  match outcome with
                  | CellOutcome.Failed _ -> ()
                  | CellOutcome.Computed _
                  | CellOutcome.Kept _ -> source (CellFolders.folder study.Folder (Cell.id cell)) ]

        if finished.IsEmpty then
            study
        else
            let sources = if hasOverlays sections then finished else List.map withoutPhotos finished
            let shown = contents sections (CellSet [| for source in sources -> source.Cell |])

            for omission in Falcon.Reports.Report.Write(folder, study.Study.Name, Array.ofList sources, shown) do
                eprintfn $"warning: {omission}"

            { study with Reports = study.Reports @ [ Path.GetFullPath(Path.Combine(folder, "index.html")) ] }
