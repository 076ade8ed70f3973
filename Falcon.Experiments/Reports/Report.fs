namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open Falcon
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results

module Report =
    [<Literal>]
    let private ManifestFile = "report.json"

    let private version = 1

    /// What a report was made of.
    type private Manifest =
        {
            Study: string
            Sections: Section list
            /// The ids of its cells.
            Cells: string list
            /// Its files, without this one.
            Files: string list
        }

    let private texts (values: string seq) : JsonNode | null =
        JsonArray [| for value in values -> JsonValue.Create value :> JsonNode | null |]

    let private writeManifest folder (manifest: Manifest) =
        let json =
            JsonObject
                [ KeyValuePair("study", JsonValue.Create manifest.Study :> JsonNode | null)
                  KeyValuePair("sections", texts (List.map Section.text manifest.Sections))
                  KeyValuePair("cells", texts manifest.Cells)
                  KeyValuePair("files", texts manifest.Files) ]

        let content = json.ToJsonString(JsonSerializerOptions(WriteIndented = true, NewLine = "\n")) + "\n"
        AtomicFile.Write(Path.Combine(folder, ManifestFile), (fun stream -> stream.Write(Encoding.UTF8.GetBytes content)))

    let private tryReadManifest folder =
        try
            let path = Path.Combine(folder, ManifestFile)

            if File.Exists path then
                let json = nonNull(JsonNode.Parse(File.ReadAllText path)).AsObject()
                let list (name: string) = [ for item in (nonNull json[name]).AsArray() -> string item ]

                Some
                    { Study = string json["study"]
                      Sections = list "sections" |> List.choose Section.tryParse
                      Cells = list "cells"
                      Files = list "files" }
            else
                None
        with
        | :? JsonException
        | :? InvalidOperationException
        | :? NullReferenceException -> None

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

    /// What a report is about.
    type private Subject =
        {
            Title: string
            Store: string
            /// The finished cells by their ids.
            Sources: (string * CellSource) list
            Failures: FailedCell array
        }

    let private sourcesOf (study: StudyResult) =
        [ for cell, outcome in study.Outcomes do
              match outcome with
              | CellOutcome.Failed _ -> ()
              | CellOutcome.Computed result
              | CellOutcome.Kept result -> Cell.id cell, source (CellFolders.folder study.Folder (Cell.id cell)) result ]

    let private failuresOf (study: StudyResult) =
        [| for cell, failure in study.Failed ->
               FailedCell(
                   Cell.label cell,
                   cell.Data.Name,
                   cell.Category,
                   Shots.count cell.Shots,
                   int64 cell.Seed,
                   failure.Message.TrimEnd('.').Replace('\n', ' ')
               ) |]

    /// Something could not be shown; such a report is not kept.
    exception private Incomplete of Finding list

    let private compute (subject: Subject) sections (folder: string) =
        let sources = List.map snd subject.Sources
        let cells = CellSet([| for source in sources -> source.Cell |], subject.Failures)

        let contents =
            ReportContents(Array.ofList (Section.tables sections cells), Array.ofList (Section.figures sections sources cells))

        // Without the folder of the photos there are no overlays.
        let shown =
            if List.contains Section.Overlays sections then
                sources
            else
                [ for source in sources -> CellSource(source.Cell, source.Folder) ]

        ReportFolder.Write(folder, subject.Title, Array.ofList shown, contents, subject.Failures) |> List.ofSeq

    let private filesOf folder =
        [ for path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories) -> Path.GetRelativePath(folder, path).Replace('\\', '/') ]
        |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))

    let private artifact (store: Store) (subject: Subject) sections =
        let maps = List.exists Section.readsMaps sections

        let inputs =
            [ for id, source in subject.Sources do
                  Reads.known $"cell {id}" (Digest.ofBytes (CellFolder.Json source.Cell)) ()

                  if maps then
                      let file = Path.Combine(nonNull source.Folder, Stages.Recording.Maps)
                      Reads.known $"maps {id}" (store.FileDigests.OfFile file) () ]

        let make (_: unit list) (workspace: Workspace) =
            let folder = Path.Combine(workspace.Folder, "report")

            match compute subject sections folder with
            | [] -> [ for file in filesOf folder -> file, Output.File(Path.Combine(folder, file)) ]
            | omissions -> raise (Incomplete omissions)

        let stage: Stage<unit list, StageResult> =
            { Name = "report"
              Version = version
              Libraries = [ Figure.Drawing; Stages.Libraries.decoder ]
              Record =
                Canonical.ofValue
                    {| Title = subject.Title
                       Sections = List.map Section.text sections
                       Order = List.map fst subject.Sources
                       Failures = [ for failure in subject.Failures -> failure.Description ] |}
              Work = Work.Alone make
              Read = id }

        Reads.all inputs => stage

    /// Makes a folder hold the files of a report, and none of an earlier one.
    let private deliver (folder: string) (earlier: Manifest option) (result: StageResult) =
        for item in result.Outputs do
            let target = Path.Combine(folder, item.Key)

            if not (File.Exists target) || Digest.ofFile target <> item.Value.Digest then
                AtomicFile.Write(target, (fun stream -> using (File.OpenRead item.Value.Path) (fun content -> content.CopyTo stream)))

        for file in earlier |> Option.map _.Files |> Option.defaultValue [] do
            if not (result.Outputs.ContainsKey file) then
                File.Delete(Path.Combine(folder, file))

        [ for item in result.Outputs -> item.Key ]

    let private writeSubject (folder: string) sections (subject: Subject) =
        let earlier = tryReadManifest folder

        let files =
            try
                use store = Store.openAt subject.Store
                Pipeline(store).Get(artifact store subject sections) |> deliver folder earlier
            with Incomplete omissions ->
                for omission in omissions do
                    eprintfn $"warning: {omission}"

                compute subject sections folder |> ignore
                filesOf folder |> List.filter ((<>) ManifestFile)

        writeManifest folder { Study = subject.Title; Sections = sections; Cells = List.map fst subject.Sources; Files = files }

        Path.GetFullPath(Path.Combine(folder, "index.html"))

    let write folder sections (study: StudyResult) =
        match sourcesOf study with
        | [] -> study
        | sources ->
            let page =
                writeSubject
                    folder
                    sections
                    { Title = study.Study.Name; Store = study.Store; Sources = sources; Failures = failuresOf study }

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
            writeSubject
                folder
                sections
                { Title = string (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath results)))
                  Store = Runtime.store runtime
                  Sources = sources
                  Failures = [||] }

    let check runtime folder =
        match tryReadManifest folder with
        | None ->
            raise (
                InvalidInputException("there is no report of Falcon", folder, "Give the folder that Report.write or falcon report wrote.")
            )
        | Some manifest ->
            use store = Store.openAt (Runtime.store runtime)
            use index = RunIndex.openAt (fun text -> eprintfn $"warning: {text}") store
            let latest = Dictionary<string, CellResult>()

            for run in RunIndex.runs index |> List.rev do
                run.Result |> Option.iter (fun result -> latest[run.Id] <- result)

            let gone, there = manifest.Cells |> List.partition (latest.ContainsKey >> not)

            let missing =
                [ for id in gone -> Finding("is in the report, but not in the store", id, "Run its study again, or write the report anew.") ]

            if there.IsEmpty then
                missing
            else
                let cells = CellSet [| for id in there -> latest[id] |]

                let differing =
                    [ for index, table in Section.tables manifest.Sections cells |> List.indexed do
                          let name = if index = 0 then "table" else table.Label

                          for extension, style in
                              [ "tex", TableStyle.Booktabs; "md", TableStyle.Markdown; "csv", TableStyle.Csv; "json", TableStyle.Json ] do
                              let path = Path.Combine(folder, $"{name}.{extension}")

                              if not (File.Exists path) || File.ReadAllText path <> style.Render table then
                                  Finding("does not say what the store says", path, "Write the report anew.") ]

                missing @ differing
