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

    /// The cells of a study as it last ran, in its order, each with its id: its folder, if what is there is of this run. Where no study has left its manifest, every
    /// folder of a cell.
    let private current results =
        match StudyManifest.tryRead results with
        | None ->
            [ for folder in CellFolders.folders results do
                  if File.Exists(Path.Combine(folder, CellFolder.CellFile)) then
                      string (Path.GetFileName folder), Some folder ]
        | Some manifest ->
            [ for id, key in manifest.Cells ->
                  let folder = CellFolders.folder results id
                  id, CellFolders.readSource folder |> Option.filter (fun known -> known.Key = key) |> Option.map (fun _ -> folder) ]

    /// The finished ones of these, read as they are asked for.
    let private finished current =
        current
        |> Seq.choose (fun (id, folder) ->
            folder
            |> Option.bind (fun folder -> CellFolders.tryRead folder |> Option.map (fun result -> id, source folder result)))

    let cells results = current results |> finished |> Seq.map snd |> List.ofSeq

    let keys results =
        match StudyManifest.tryRead results with
        | Some manifest ->
            [ for _, key in manifest.Cells do
                  if key <> "" then key ]
        | None ->
            [ for folder in CellFolders.folders results do
                  yield! CellFolders.readSource folder |> Option.map _.Key |> Option.toList ]

    let usual metrics =
        let metric = if List.contains Metric.ImageAuroc metrics then Metric.ImageAuroc else List.head metrics

        [ Table.perCategory metric; Table.summary; Plot.roc; Plot.training; Gallery.overlays ]
        |> List.map Section.whereEnough

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
        |> List.map Section.whereEnough

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

    /// Writes those sections that the results have enough for, and says what the others lack.
    let private writeSubject folder sections (subject: ReportWriting.Subject) =
        let extent = Extent.ofResults [ for _, source in subject.Sources -> source.Cell ]
        let possible, faults = Section.possible extent sections

        for fault in Findings.grouped faults do
            eprintfn $"warning: {fault}"

        ReportWriting.write folder possible subject

    let write folder sections (study: StudyResult) =
        match sourcesOf study with
        | [] -> study
        | sources ->
            // Part of a study never takes the place of the whole.
            let folder, title =
                if study.IsSubset then
                    $"{Path.TrimEndingDirectorySeparator(folder: string)}-subset",
                    $"{study.Study.Name}: {study.Outcomes.Length} of {study.Study.Cells.Length} cells"
                else
                    StudyManifest.noteSections study.Folder [ for section: Section in sections -> section.Text ]
                    folder, study.Study.Name

            let page =
                writeSubject
                    folder
                    sections
                    { Study = study.Study.Name
                      Title = title
                      Store = study.Store
                      Sources = sources
                      Failures = study.FailedCells }

            { study with Reports = study.Reports @ [ page ] }

    let compile folder = ReportWriting.compile folder

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

    let isOf results = current results |> finished |> Seq.isEmpty |> not

    let studies runtime =
        let root = Path.Combine(Runtime.store runtime, "results")

        [ for folder in (if Directory.Exists root then Array.sort (Directory.GetDirectories root) else [||]) do
              if isOf folder then Path.GetRelativePath(root, folder), folder ]

    /// The texts of sections that only a script can make.
    let private owned (texts: string list) = texts |> List.filter (Section.tryParse >> Option.isNone)

    let sections results =
        match StudyManifest.tryRead results with
        | Some { Sections = _ :: _ as texts } -> texts |> List.choose Section.tryParse, owned texts
        | Some _
        | None ->
            match metrics results with
            | [] -> [], []
            | metrics -> usual metrics, []

    /// Sections of a script's own in a report would be lost.
    let private keepOwn folder =
        match ReportManifest.tryRead folder |> Option.map (fun manifest -> owned manifest.Sections) with
        | Some(_ :: _ as own) ->
            raise (
                InvalidInputException(
                    $"""holds sections of a script's own, which only the script can make: {String.concat ", " own}""",
                    folder,
                    "Run the script to write this report anew, or name another folder."
                )
            )
        | Some []
        | None -> ()

    let ofResults runtime (results: string) folder sections =
        let current = current results

        match List.ofSeq (finished current) with
        | [] ->
            raise (
                InvalidInputException(
                    "there is no finished cell",
                    results,
                    "Give the folder of a study's results, and run the study first."
                )
            )
        | sources ->
            keepOwn folder
            let whole = current.Length
            let study = string (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath results)))

            writeSubject
                folder
                sections
                { Study = study
                  Title = if sources.Length = whole then study else $"{study}: {sources.Length} of {whole} cells"
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

    /// Where the study has gone on since the report was written.
    let private outdated runtime (report: ReportManifest.Manifest) =
        match StudyManifest.tryRead (Runtime.folder report.Study runtime) with
        | None -> []
        | Some study ->
            let now, shown = dict study.Cells, dict report.Keys

            [ for id, key in report.Keys do
                  match now.TryGetValue id with
                  | false, _ -> Finding("is no cell of the study any more", id, "Write the report anew.")
                  | true, latest when latest <> "" && latest <> key ->
                      Finding("has been run with other options or inputs since the report was written", id, "Write the report anew.")
                  | true, _ -> ()

              if report.IsWhole && not report.Keys.IsEmpty then
                  for id, _ in study.Cells do
                      if not (shown.ContainsKey id) && not (List.exists (fst >> (=) id) report.Cells) then
                          Finding("is a cell of the study, but not of the report", id, "Run the study, and write the report anew.") ]

    let check runtime folder =
        // The name of a study stands for the report in its usual place.
        let usual = Path.Combine("reports", folder)
        let folder = if not (ReportManifest.isIn folder) && ReportManifest.isIn usual then usual else folder

        match ReportManifest.tryRead folder with
        | None ->
            raise (
                InvalidInputException("there is no report of Falcon", folder, "Give the folder that Report.write or falcon report wrote.")
            )
        | Some manifest ->
            use store = Store.openAt (Runtime.store runtime)
            use index = RunIndex.openAt (fun text -> eprintfn $"warning: {text}") store
            let results = Dictionary<string, CellResult>()
            let outcomes, labels, keys = dict manifest.Cells, dict manifest.Labels, dict manifest.Keys

            let called id (result: CellResult) =
                match labels.TryGetValue id with
                | true, label when label.Title = result.Method.Title -> result.Called label
                | _ -> result

            // The results that the report shows, by their keys; in reports of earlier versions, which have none, of the runs of a cell the one with its outcome.
            for run in RunIndex.runs index |> List.rev do
                match Option.map (called run.Id) run.Result, outcomes.TryGetValue run.Id, keys.TryGetValue run.Id with
                | Some result, (true, _), (true, key) -> if key = run.Key then results[run.Id] <- result
                | Some result, (true, outcome), _ ->
                    match results.TryGetValue run.Id with
                    | true, other when ReportManifest.outcome other = outcome -> ()
                    | _ -> results[run.Id] <- result
                | _ -> ()

            let gone, there = manifest.Cells |> List.partition (fst >> results.ContainsKey >> not)

            let stale =
                if there.IsEmpty then
                    []
                else
                    staleTables folder manifest (CellSet [| for id, _ in there -> results[id] |])

            [ for id, _ in gone do
                  Finding("is in the report, but not in the store", id, "Run its study again, or write the report anew.")

              // Tables and figures of a script's own cannot be made here: what they were made of is compared instead.
              for id, outcome in there do
                  if outcome <> "" && ReportManifest.outcome results[id] <> outcome then
                      Finding("has another outcome than when the report was written", id, "Write the report anew.")

              yield! outdated runtime manifest

              for path in List.distinct (stale @ changedFiles folder manifest) do
                  Finding("does not say what the store says", path, "Write the report anew.") ]
