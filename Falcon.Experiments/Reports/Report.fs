namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.IO
open Falcon
open Falcon.Experiments.Store
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results

module Report =
    let private source folder (result: CellResult) =
        CellSource(result, folder, CellFolders.readSource folder |> Option.map _.Images |> Option.toObj)

    let cells results =
        [ for folder in CellFolders.folders results do
              match CellFolders.tryRead folder with
              | Some result -> source folder result
              | None -> () ]

    let usual metrics =
        let metric = if List.contains Metric.ImageAuroc metrics then Metric.ImageAuroc else List.head metrics
        [ Table.perCategory metric; Table.summary; Plot.roc; Plot.training; Gallery.overlays ]

    let complete metrics =
        let metric = if List.contains Metric.ImageAuroc metrics then Metric.ImageAuroc else List.head metrics

        List.map Table.perCategory metrics
        @ [ Table.summary; Table.comparisons metric; Plot.roc; Plot.precisionRecall ]
        @ (if metrics |> List.exists _.NeedsMaps then [ Plot.regionOverlap 0.3 ] else [])
        @ [ Plot.shots metric
            Plot.categories metric
            Plot.criticalDifference metric
            Plot.training
            Plot.cost metric
            Gallery.overlays ]

    let metrics results =
        [ for source in cells results do
              for value in source.Cell.Metrics -> value.Metric ]
        |> List.distinct

    let private sourcesOf (study: StudyResult) =
        [ for cell, outcome in study.Outcomes do
              match outcome with
              | CellOutcome.Failed _ -> ()
              | CellOutcome.Computed result
              | CellOutcome.Kept result -> Cell.id cell, source (CellFolders.folder study.Folder (Cell.id cell)) result ]

    let write folder sections (study: StudyResult) =
        match sourcesOf study with
        | [] -> study
        | sources ->
            let page =
                ReportWriting.write
                    folder
                    sections
                    { Title = study.Study.Name; Store = study.Store; Sources = sources; Failures = study.FailedCells }

            { study with Reports = study.Reports @ [ page ] }

    let compile folder =
        let document = Path.Combine(folder, "document.tex")
        let complaints = LatexDocument.Compile document |> List.ofSeq
        Path.GetFullPath(Path.Combine(folder, "document.pdf")), complaints

    let pdf (study: StudyResult) =
        let compiled =
            study.Reports
            |> List.filter _.EndsWith(".html", StringComparison.Ordinal)
            |> List.choose (fun page ->
                try
                    let document, complaints = compile (nonNull (Path.GetDirectoryName page))

                    for complaint in complaints do
                        eprintfn $"warning: {complaint}"

                    Some document
                with :? InvalidInputException as error ->
                    eprintfn $"warning: {error.Message}"
                    None)

        { study with Reports = study.Reports @ compiled }

    let studies runtime =
        let root = Path.Combine(Runtime.store runtime, "results")

        [ for folder in (if Directory.Exists root then Array.sort (Directory.GetDirectories root) else [||]) do
              if not (cells folder).IsEmpty then Path.GetRelativePath(root, folder), folder ]

    let ofResults runtime (results: string) folder sections =
        match [ for source in cells results -> string (Path.GetFileName source.Folder), source ] with
        | [] ->
            raise (
                InvalidInputException(
                    "there is no finished cell",
                    results,
                    "Give the folder of a study's results, and run the study first."
                )
            )
        | sources ->
            ReportWriting.write
                folder
                sections
                { Title = string (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath results)))
                  Store = Runtime.store runtime
                  Sources = sources
                  Failures = [||] }

    /// The tables of Falcon's own sections, where they are not what the store would give.
    let private staleTables folder (manifest: ReportManifest.Manifest) (cells: CellSet) =
        let known = manifest.Sections |> List.map Section.tryParse

        if known |> List.forall Option.isSome then
            [ for table in Section.tables (List.choose id known) cells |> List.choose Result.toOption do
                  for extension, style in
                      [ "tex", TableStyle.Booktabs; "md", TableStyle.Markdown; "csv", TableStyle.Csv; "json", TableStyle.Json ] do
                      let path = Path.Combine(folder, $"{table.Label}.{extension}")

                      if not (File.Exists path) || File.ReadAllText path <> style.Render table then
                          path ]
        else
            []

    /// Files that are not as they were written, where that is recorded.
    let private changedFiles folder (manifest: ReportManifest.Manifest) =
        [ for file, digest in manifest.Files do
              let path = Path.Combine(folder, file)

              if digest <> "" && (not (File.Exists path) || (Digest.ofFile path).Hex <> digest) then
                  path ]

    let check runtime folder =
        match ReportManifest.tryRead folder with
        | None ->
            raise (
                InvalidInputException("there is no report of Falcon", folder, "Give the folder that Report.write or falcon report wrote.")
            )
        | Some manifest ->
            use store = Store.openAt (Runtime.store runtime)
            use index = RunIndex.openAt (fun text -> eprintfn $"warning: {text}") store
            let latest = Dictionary<string, CellResult>()
            let outcomes = dict manifest.Cells
            let labels = dict manifest.Labels

            let called id (result: CellResult) =
                match labels.TryGetValue id with
                | true, label when label.Title = result.Method.Title -> result.Called label
                | _ -> result

            // Of the runs of a cell the one that the report shows, if it is among them; else the latest.
            for run in RunIndex.runs index |> List.rev do
                match Option.map (called run.Id) run.Result, outcomes.TryGetValue run.Id with
                | Some result, (true, outcome) ->
                    match latest.TryGetValue run.Id with
                    | true, other when ReportManifest.outcome other = outcome -> ()
                    | _ -> latest[run.Id] <- result
                | _ -> ()

            let gone, there = manifest.Cells |> List.partition (fst >> latest.ContainsKey >> not)

            let stale =
                if there.IsEmpty then
                    []
                else
                    staleTables folder manifest (CellSet [| for id, _ in there -> latest[id] |])

            [ for id, _ in gone do
                  Finding("is in the report, but not in the store", id, "Run its study again, or write the report anew.")

              // Tables and figures of a script's own cannot be made here: what they were made of is compared instead.
              for id, outcome in there do
                  if outcome <> "" && ReportManifest.outcome latest[id] <> outcome then
                      Finding("has another outcome than when the report was written", id, "Write the report anew.")

              for path in List.distinct (stale @ changedFiles folder manifest) do
                  Finding("does not say what the store says", path, "Write the report anew.") ]
