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

    /// The finished cells of a study as it last ran, in its order, each with its id, and how many others there are. Where no study has left its manifest, every
    /// finished cell of the folder.
    let private current results =
        let read folder = CellFolders.tryRead folder |> Option.map (source folder)

        match StudyManifest.tryRead results with
        | None ->
            let folders = List.ofArray (CellFolders.folders results)

            folders
            |> List.choose (fun folder -> read folder |> Option.map (fun source -> string (Path.GetFileName folder), source)),
            0
        | Some manifest ->
            let finished =
                [ for id, key in manifest.Cells do
                      let folder = CellFolders.folder results id

                      match CellFolders.readSource folder with
                      | Some known when known.Key = key -> yield! read folder |> Option.map (fun source -> id, source) |> Option.toList
                      | Some _
                      | None -> () ]

            finished, manifest.Cells.Length - finished.Length

    let cells results = current results |> fst |> List.map snd

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
        let extent = SectionNeeds.ofResults [ for _, source in subject.Sources -> source.Cell ]
        let possible, faults = SectionNeeds.possible extent sections

        for fault in Findings.grouped faults do
            eprintfn $"warning: {fault}"

        ReportWriting.write folder possible subject

    let private texts (sections: Section list) = [ for section in sections -> section.Text ]

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
                    StudyManifest.noteSections study.Folder (texts sections)
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

    let sections results =
        let metrics = metrics results

        match StudyManifest.tryRead results with
        | Some { Sections = _ :: _ as texts } ->
            texts |> List.choose Section.tryParse, texts |> List.filter (Section.tryParse >> Option.isNone)
        | Some _
        | None -> (if metrics.IsEmpty then [] else usual metrics), []

    /// Sections of a script's own in a report would be lost.
    let private keepOwn folder =
        let own =
            ReportManifest.tryRead folder
            |> Option.map (fun manifest -> manifest.Sections |> List.filter (Section.tryParse >> Option.isNone))

        match own with
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
        match current results with
        | [], _ ->
            raise (
                InvalidInputException(
                    "there is no finished cell",
                    results,
                    "Give the folder of a study's results, and run the study first."
                )
            )
        | sources, others ->
            keepOwn folder
            let study = string (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath results)))

            writeSubject
                folder
                sections
                { Study = study
                  Title = if others = 0 then study else $"{study}: {sources.Length} of {sources.Length + others} cells"
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
