/// Making the files of a report: a stage, whose result is kept.
module internal Falcon.Experiments.ReportWriting

open System
open System.IO
open System.Text.RegularExpressions
open Falcon
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Reports
open Falcon.Results

let private version = 1

/// What a report is about.
type Subject =
    {
        /// The name of the study.
        Study: string
        /// The heading: its name, and what is left out.
        Title: string
        Store: string
        /// The finished cells by their ids.
        Sources: (string * CellSource) list
        Failures: FailedCell array
    }

/// Something could not be shown; such a report is not kept.
exception private Incomplete of Finding list

let private parted (made: Result<'Made, Finding list> list) =
    List.choose Result.toOption made,
    made
    |> List.collect (fun one ->
        match one with
        | Ok _ -> []
        | Error findings -> findings)

/// Refuses files of two things under one name, and names that no file could have.
let private checkNames (tables: string list) (figures: string list) =
    let files = [ "document"; "index"; "report"; "cells"; "gallery" ] @ tables @ figures

    let findings =
        [ for name, same in List.groupBy id files do
              if same.Length > 1 then
                  Finding("stands for two things in a report", $"'{name}'", "Give tables and figures of your own other names.")
          for name in tables @ figures do
              if not (Regex.IsMatch(name, "^[A-Za-z0-9-]+$")) then
                  Finding("is no name for files", $"'{name}'", "Name tables and figures with letters, digits and hyphens.") ]

    if not findings.IsEmpty then
        raise (InvalidInputException(Array.ofList findings))

let private compute (subject: Subject) sections (folder: string) =
    let cells = CellSet([| for _, source in subject.Sources -> source.Cell |], subject.Failures)

    // Pictures, too, name methods as the tables do.
    let sources =
        [ for (_, source), cell in Seq.zip subject.Sources cells.Cells -> CellSource(cell, source.Folder, source.CategoryFolder) ]

    let tables, noTables = Section.tables sections cells |> parted
    let figures, noFigures = Section.figures sections sources cells |> parted
    let figures = List.concat figures
    checkNames [ for table in tables -> table.Label ] [ for figure in figures -> figure.Name ]
    let contents = ReportContents(Array.ofList tables, Array.ofList figures)

    // Without the folder of the photos there are no overlays.
    let shown =
        if List.exists Section.showsPhotos sections then
            sources
        else
            [ for source in sources -> CellSource(source.Cell, source.Folder) ]

    let omissions = ReportFolder.Write(folder, subject.Title, Array.ofList shown, contents, subject.Failures) |> List.ofSeq
    noTables @ noFigures @ omissions

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
                   Sections = [ for section: Section in sections -> section.Text ]
                   Order = List.map fst subject.Sources
                   Failures = [ for failure in subject.Failures -> failure.Description ] |}
          Work = Work.Alone make
          Read = id }

    Reads.all inputs => stage

/// Makes a folder hold the files of a report, and none of an earlier one.
let private deliver (folder: string) (earlier: ReportManifest.Manifest option) (result: StageResult) =
    for item in result.Outputs do
        let target = Path.Combine(folder, item.Key)

        if not (File.Exists target) || Digest.ofFile target <> item.Value.Digest then
            AtomicFile.Write(target, (fun stream -> using (File.OpenRead item.Value.Path) (fun content -> content.CopyTo stream)))

    for file in earlier |> Option.map (fun manifest -> List.map fst manifest.Files) |> Option.defaultValue [] do
        if not (result.Outputs.ContainsKey file) then
            File.Delete(Path.Combine(folder, file))

    [ for item in result.Outputs -> item.Key ]

/// Writes a report into a folder; its page.
let write (folder: string) (sections: Section list) (subject: Subject) =
    let earlier = ReportManifest.tryRead folder

    let files =
        try
            use store = Store.openAt subject.Store
            Pipeline(store).Get(artifact store subject sections) |> deliver folder earlier
        with Incomplete omissions ->
            for omission in omissions do
                eprintfn $"warning: {omission}"

            compute subject sections folder |> ignore
            filesOf folder |> List.filter ((<>) ReportManifest.File)

    ReportManifest.write
        folder
        { Study = subject.Study
          Sections = [ for section in sections -> section.Text ]
          Cells = [ for id, source in subject.Sources -> id, ReportManifest.outcome source.Cell ]
          Keys =
            [ for id, source in subject.Sources do
                  match source.Folder |> Option.ofObj |> Option.bind CellFolders.readSource with
                  | Some known -> id, known.Key
                  | None -> () ]
          Labels = [ for id, source in subject.Sources -> id, source.Cell.Method ]
          Files = [ for file in files -> file, (Digest.ofFile (Path.Combine(folder, file))).Hex ] }

    Path.GetFullPath(Path.Combine(folder, "index.html"))
