namespace Falcon.Experiments

open System
open System.Globalization
open System.Runtime.ExceptionServices
open System.Threading.Tasks
open Falcon
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results

/// What figures may need beside the cells.
type internal Drawing =
    {
        /// The curve of a cell's maps up to a false-positive rate.
        Overlap: float -> CellResult -> CellOverlap option
        /// Whether curves have bands; none for those of few.
        Bands: bool option
    }

/// What a section shows.
type internal Shown =
    | ATable of (CellSet -> ReportTable)
    | Figures of readsMaps: bool * (Drawing -> CellSet -> Figure list)
    | Pictures

[<Sealed>]
type Section internal (text: string, shown: Shown) =
    member _.Text = text
    member internal _.Shown = shown
    /// The metrics that it shows, which must be measured.
    member val internal Metrics: Metric list = [] with get, set
    /// What it needs beside, in words, and whether a study has it.
    member val internal Need: (string * (Extent -> bool)) option = None with get, set
    /// Whether it is left away without a word where a study has too little for it.
    member val internal IsOptional = false with get, set

    /// Another text and other contents, with the same needs.
    member internal this.With(text, shown) = Section(text, shown, Metrics = this.Metrics, Need = this.Need, IsOptional = this.IsOptional)

    /// What a study lacks for it.
    member internal this.Missing(extent: Extent) =
        [ for metric in this.Metrics do
              if not (List.contains metric extent.Metrics) then
                  Finding(
                      $"shows {metric.Title}, which is not measured",
                      $"section '{text}'",
                      $"Add {metric} to the study's metrics, or leave the section away."
                  )

          match this.Need with
          | Some(what, isThere) when not (isThere extent) ->
              Finding($"needs {what}", $"section '{text}'", "Give the study more, or leave the section away.")
          | Some _
          | None -> () ]

    override _.ToString() = text
    override _.GetHashCode() = text.GetHashCode StringComparison.Ordinal

    override _.Equals other =
        match other with
        | :? Section as other -> other.Text = text
        | _ -> false

module private Make =
    let table text metrics of' = Section(text, ATable of', Metrics = metrics)

    /// The section with what it needs of a study beside its metrics.
    let needing what isThere (section: Section) =
        section.Need <- Some(what, isThere)
        section

    /// Figures whose captions say what no title shows.
    let figures text readsMaps (of': Drawing -> CellSet -> Figure list) =
        Section(text, Figures(readsMaps, (fun drawing cells -> [ for figure in of' drawing cells -> figure.WithSettings cells ])))

    let figure text (of': CellSet -> Figure | null) = figures text false (fun _ cells -> of' cells |> Option.ofObj |> Option.toList)

    /// Curves, which may have bands.
    let curves text readsMaps (of': Drawing -> Nullable<bool> -> CellSet -> Figure | null) =
        figures text readsMaps (fun drawing cells -> of' drawing (Option.toNullable drawing.Bands) cells |> Option.ofObj |> Option.toList)

    /// A figure of a metric, in files of the section's name.
    let measured kind (metric: Metric) (of': CellSet * string -> Figure | null) =
        let section = figure $"plot {kind} {metric}" (fun cells -> of' (cells, SectionName.Of(kind, [| metric |])))
        section.Metrics <- [ metric ]
        section

    /// The name of a section of somebody's own.
    let named kind (name: string) =
        if String.IsNullOrWhiteSpace name || name |> Seq.exists Char.IsControl then
            raise (InvalidInputException($"a {kind} of your own has no name", $"'{name}'", "Give it a name in a few words."))

        $"own {kind} {name}"

module Table =
    let perCategory metric =
        Make.table $"table per-category {metric}" [ metric ] (fun cells -> TablePerCategory.Of(cells, metric))

    let summary = Make.table "table summary" [] TableSummary.Of

    let ablation metrics =
        Make.table $"""table ablation {metrics |> List.map string |> String.concat " "}""" metrics (fun cells ->
            TableAblation.Of(cells, Array.ofList metrics))
        |> Make.needing "two variants" (fun study -> study.Methods >= 2)

    let comparisons metric =
        Make.table $"table comparisons {metric}" [ metric ] (fun cells -> TableComparisons.Of(cells, metric))
        |> Make.needing "two methods" (fun study -> study.Methods >= 2)

    let reported = Make.table "table reported" [] TableReported.Of

    let own name (make: CellSet -> ReportTable) =
        Make.table (Make.named "table" name) [] (fun cells ->
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
    let roc = Make.curves "plot roc" false (fun _ bands cells -> RocPlot.Of(cells, hasBands = bands))

    let precisionRecall =
        Make.curves "plot precision-recall" false (fun _ bands cells -> PrecisionRecallPlot.Of(cells, hasBands = bands))

    /// Two at a time: each needs all maps of a cell.
    let private overlaps (drawing: Drawing) limit (cells: CellSet) =
        let curves = Array.create cells.Cells.Count (Ok None)

        let draw index =
            curves[index] <-
                try
                    Ok(drawing.Overlap limit cells.Cells[index])
                with error ->
                    Error(ExceptionDispatchInfo.Capture error)

        Parallel.For(0, curves.Length, ParallelOptions(MaxDegreeOfParallelism = 2), draw) |> ignore

        let curve result : CellOverlap option =
            match result with
            | Ok curve -> curve
            | Error(error: ExceptionDispatchInfo) ->
                error.Throw()
                None

        Array.map curve curves

    let regionOverlap (limit: float) =
        Make.curves ("plot region-overlap " + limit.ToString CultureInfo.InvariantCulture) true (fun drawing bands cells ->
            let known = overlaps drawing limit cells
            let at (cell: CellResult) = cells.Cells |> Seq.findIndex (fun other -> obj.ReferenceEquals(other, cell))
            OverlapPlot.Of(cells, (fun cell -> Option.toObj known[at cell]), limit, hasBands = bands))

    let scores =
        // The first seed of each method, number of shots and category.
        let histograms _ (cells: CellSet) =
            let texts (cell: CellResult) : Collections.Generic.IReadOnlyList<string> =
                [| cell.Method.Title
                   string cell.Protocol.Shots
                   if cells.DataSets.Count > 1 then cell.DataSet
                   cell.Category |]

            let shown =
                cells.Cells
                |> Seq.groupBy (fun cell -> cell.Method, cell.Protocol.Shots, cell.DataSet, cell.Category)
                |> Seq.map (fun (_, seeds) -> seeds |> Seq.minBy (fun (cell: CellResult) -> cell.Seed))
                |> Array.ofSeq

            Seq.zip shown (SectionName.Distinct("scores", Array.map texts shown))
            |> Seq.choose (fun (cell, name) -> ScoreHistogram.Of(cell, name) |> Option.ofObj)
            |> List.ofSeq

        Make.figures "plot scores" false histograms

    let shots metric =
        Make.measured "shots" metric (fun (cells, name) -> ShotsPlot.Of(cells, metric, name = name))
        |> Make.needing "two numbers of shots" (fun study -> study.Shots >= 2)

    let categories metric =
        Make.measured "categories" metric (fun (cells, name) -> CategoryPlot.Of(cells, metric, name = name))

    let defects (metric: Metric) =
        if metric.NeedsMaps then
            raise (
                InvalidInputException(
                    "is measured on pixels, whose numbers are not kept for each kind of defect",
                    $"Plot.defects, metric {metric.Name}",
                    "Use a metric of images, such as ImageAuroc."
                )
            )

        Make.measured "defects" metric (fun (cells, name) -> CategoryPlot.Of(cells.ByDefect(), metric, name = name))

    let criticalDifference metric =
        Make.measured "critical-difference" metric (fun (cells, name) -> CriticalDifferencePlot.Of(cells, metric, name = name))
        |> Make.needing "three methods and two categories" (fun study -> study.Methods >= 3 && study.Categories >= 2)

    let private ofLosses text of' =
        Make.curves text false (fun _ -> of')
        |> Make.needing "a method that trains for two epochs or more" (fun study -> study.Epochs >= 2)

    let training = ofLosses "plot training" (fun bands cells -> TrainingPlot.Of(cells, hasBands = bands))

    let trainingOf (losses: string list) =
        ofLosses $"""plot training {String.concat "," losses}""" (fun bands cells ->
            TrainingPlot.Of(cells, Array.ofList losses, SectionName.Slug("training-" + String.concat "-" losses), bands))

    let cost metric = Make.measured "cost" metric (fun (cells, name) -> CostPlot.Of(cells, metric, name = name))
    let own name (make: CellSet -> Figure) = Section(Make.named "plot" name, Figures(false, (fun _ cells -> [ make cells ])))

    let private noFigure (section: Section) =
        raise (InvalidInputException("is no figure of curves", section.Text, "Give a plot, such as Plot.roc."))

    let private banded words bands (section: Section) =
        match section.Shown with
        | Figures(readsMaps, make) ->
            section.With(
                $"{section.Text} {words}",
                Figures(readsMaps, (fun drawing cells -> make { drawing with Bands = Some bands } cells))
            )
        | ATable _
        | Pictures -> noFigure section

    let withBands section = banded "with bands" true section
    let withoutBands section = banded "without bands" false section

    let perDefect (section: Section) =
        let make figures drawing (cells: CellSet) =
            let defects = Array.ofSeq cells.Defects
            let endings = SectionName.Distinct("", [| for defect in defects -> [| defect |] |])

            [ for defect, ending in Seq.zip defects endings do
                  for figure: Figure in figures drawing (cells.OfDefect defect) do
                      figure.Called($"{figure.Name}-{ending}", $"Defects: {defect} alone.") ]

        match section.Shown with
        | Figures(false, figures) -> section.With($"{section.Text} per defect", Figures(false, make figures))
        | Figures(true, _) ->
            raise (
                InvalidInputException(
                    "looks at pixels, which are not told apart by kinds of defects",
                    section.Text,
                    "Use a plot of images: roc, precisionRecall, scores."
                )
            )
        | ATable _
        | Pictures -> noFigure section

module Gallery =
    let overlays = Section("gallery overlays", Pictures)
    let qualitative = Section("gallery qualitative", Pictures)

module Section =
    let private metric name make =
        try
            Some(make (Metric.Parse name): Section)
        with :? InvalidInputException ->
            None

    let private changes = [ " per defect", Plot.perDefect; " with bands", Plot.withBands; " without bands", Plot.withoutBands ]

    let rec tryParse (text: string) =
        match changes |> List.tryFind (fun (ending, _) -> text.EndsWith(ending, StringComparison.Ordinal)) with
        | Some(ending, change) ->
            try
                text.Substring(0, text.Length - ending.Length) |> tryParse |> Option.map change
            with :? InvalidInputException ->
                None
        | None ->

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
            | [ "plot"; "defects"; name ] -> metric name Plot.defects
            | [ "plot"; "critical-difference"; name ] -> metric name Plot.criticalDifference
            | [ "plot"; "training" ] -> Some Plot.training
            | "plot" :: "training" :: losses -> Some(Plot.trainingOf (List.ofArray ((String.concat " " losses).Split ',')))
            | [ "plot"; "cost"; name ] -> metric name Plot.cost
            | [ "gallery"; "overlays" ] -> Some Gallery.overlays
            | [ "gallery"; "qualitative" ] -> Some Gallery.qualitative
            | _ -> None

    let whereEnough (section: Section) =
        let optional = section.With(section.Text, section.Shown)
        optional.IsOptional <- true
        optional

    let faults extent (section: Section) = if section.IsOptional then [] else section.Missing extent

    let possible extent (sections: Section list) =
        sections |> List.filter (fun section -> (section.Missing extent).IsEmpty), sections |> List.collect (faults extent)

    let tables (sections: Section list) cells =
        [ for section in sections do
              match section.Shown with
              | ATable make -> StudyPart.check section.Text (fun () -> make cells)
              | Figures _
              | Pictures -> () ]

    let figures (sections: Section list) overlap cells =
        let drawing = { Overlap = overlap; Bands = None }

        [ for section in sections do
              match section.Shown with
              | Figures(_, make) -> StudyPart.check section.Text (fun () -> make drawing cells)
              | ATable _
              | Pictures -> () ]
