namespace Falcon.Experiments

open System
open System.Globalization
open Falcon
open Falcon.Experiments.Stages
open Falcon.Metrics
open Falcon.Reports

/// What a section shows.
type internal Shown =
    | ATable of (CellSet -> ReportTable)
    | Figures of readsMaps: bool * (CellSource list -> CellSet -> Figure list)
    | Pictures

[<Sealed>]
type Section internal (text: string, shown: Shown) =
    member _.Text = text
    member internal _.Shown = shown
    /// Whether it is left away without a word where a study has too little for it.
    member val internal IsOptional = false with get, set
    override _.ToString() = text
    override _.GetHashCode() = text.GetHashCode StringComparison.Ordinal

    override _.Equals other =
        match other with
        | :? Section as other -> other.Text = text
        | _ -> false

module private Make =
    let table text of' = Section(text, ATable of')

    /// Figures whose captions say what no title shows.
    let figures text readsMaps (of': CellSource list -> CellSet -> Figure list) =
        Section(text, Figures(readsMaps, (fun sources cells -> [ for figure in of' sources cells -> figure.WithSettings cells ])))

    let figure text (of': CellSet -> Figure | null) = figures text false (fun _ cells -> of' cells |> Option.ofObj |> Option.toList)

    /// The name of a section of somebody's own.
    let named kind (name: string) =
        if String.IsNullOrWhiteSpace name || name |> Seq.exists Char.IsControl then
            raise (InvalidInputException($"a {kind} of your own has no name", $"'{name}'", "Give it a name in a few words."))

        $"own {kind} {name}"

module Table =
    let perCategory metric = Make.table $"table per-category {metric}" (fun cells -> TablePerCategory.Of(cells, metric))
    let summary = Make.table "table summary" TableSummary.Of

    let ablation metrics =
        Make.table $"""table ablation {metrics |> List.map string |> String.concat " "}""" (fun cells ->
            TableAblation.Of(cells, Array.ofList metrics))

    let comparisons metric = Make.table $"table comparisons {metric}" (fun cells -> TableComparisons.Of(cells, metric))
    let reported = Make.table "table reported" TableReported.Of

    let own name (make: CellSet -> ReportTable) =
        Make.table (Make.named "table" name) (fun cells ->
            let table = make cells

            if isNull (box table) then
                raise (InvalidInputException("gives no table", $"own table {name}", "Give a ReportTable."))

            for row in table.Rows do
                if row.Cells.Count <> table.Columns.Count then
                    raise (
                        InvalidInputException(
                            $"has a row of {row.Cells.Count} entries under {table.Columns.Count} columns",
                            $"own table {name}",
                            "Give each row one entry for each column."
                        )
                    )

            table)

module Plot =
    let roc = Make.figure "plot roc" RocPlot.Of
    let precisionRecall = Make.figure "plot precision-recall" PrecisionRecallPlot.Of

    let regionOverlap (limit: float) =
        let overlap (sources: CellSource list) cells =
            let pixels cell =
                sources
                |> List.tryFind (fun source -> obj.ReferenceEquals(source.Cell, cell))
                |> Option.bind Measuring.pixelsOf
                |> Option.toObj

            OverlapPlot.Of(cells, pixels, limit) |> Option.ofObj |> Option.toList

        Make.figures ("plot region-overlap " + limit.ToString CultureInfo.InvariantCulture) true overlap

    let scores =
        // The first seed of each method, number of shots and category.
        let histograms _ (cells: CellSet) =
            cells.Cells
            |> Seq.groupBy (fun cell -> cell.Method, cell.Protocol.Shots, cell.DataSet, cell.Category)
            |> Seq.mapi (fun index (_, seeds) -> ScoreHistogram.Of(Seq.minBy _.Seed seeds, $"scores-{index + 1}"))
            |> Seq.choose Option.ofObj
            |> List.ofSeq

        Make.figures "plot scores" false histograms

    let shots metric = Make.figure $"plot shots {metric}" (fun cells -> ShotsPlot.Of(cells, metric))
    let categories metric = Make.figure $"plot categories {metric}" (fun cells -> CategoryPlot.Of(cells, metric))

    let criticalDifference metric =
        Make.figure $"plot critical-difference {metric}" (fun cells -> CriticalDifferencePlot.Of(cells, metric))

    let training = Make.figure "plot training" TrainingPlot.Of
    let cost metric = Make.figure $"plot cost {metric}" (fun cells -> CostPlot.Of(cells, metric))
    let own name (make: CellSet -> Figure) = Section(Make.named "plot" name, Figures(false, (fun _ cells -> [ make cells ])))

module Gallery =
    let overlays = Section("gallery overlays", Pictures)

module Section =
    let tryParse (text: string) =
        let metric name make =
            try
                Some(make (Metric.Parse name): Section)
            with :? InvalidInputException ->
                None

        match List.ofArray (text.Split ' ') with
        | [ "table"; "per-category"; name ] -> metric name Table.perCategory
        | [ "table"; "summary" ] -> Some Table.summary
        | "table" :: "ablation" :: names ->
            try
                Some(Table.ablation (List.map Metric.Parse names))
            with :? InvalidInputException ->
                None
        | [ "table"; "comparisons"; name ] -> metric name Table.comparisons
        | [ "table"; "reported" ] -> Some Table.reported
        | [ "plot"; "roc" ] -> Some Plot.roc
        | [ "plot"; "precision-recall" ] -> Some Plot.precisionRecall
        | [ "plot"; "region-overlap"; limit ] ->
            match Double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, limit -> Some(Plot.regionOverlap limit)
            | false, _ -> None
        | [ "plot"; "scores" ] -> Some Plot.scores
        | [ "plot"; "shots"; name ] -> metric name Plot.shots
        | [ "plot"; "categories"; name ] -> metric name Plot.categories
        | [ "plot"; "critical-difference"; name ] -> metric name Plot.criticalDifference
        | [ "plot"; "training" ] -> Some Plot.training
        | [ "plot"; "cost"; name ] -> metric name Plot.cost
        | [ "gallery"; "overlays" ] -> Some Gallery.overlays
        | _ -> None

    let whereEnough (section: Section) = Section(section.Text, section.Shown, IsOptional = true)

    let showsPhotos (section: Section) = section.Shown.IsPictures

    let readsMaps (section: Section) =
        match section.Shown with
        | Figures(readsMaps, _) -> readsMaps
        | Pictures -> true
        | ATable _ -> false

    let tables (sections: Section list) cells =
        [ for section in sections do
              match section.Shown with
              | ATable make -> StudyPart.check section.Text (fun () -> make cells)
              | Figures _
              | Pictures -> () ]

    let figures (sections: Section list) sources cells =
        [ for section in sections do
              match section.Shown with
              | Figures(_, make) -> StudyPart.check section.Text (fun () -> make sources cells)
              | ATable _
              | Pictures -> () ]
