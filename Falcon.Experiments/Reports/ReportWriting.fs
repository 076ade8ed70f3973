/// Making the files of a report. Its figures and pictures are stages, whose results are kept.
module internal Falcon.Experiments.ReportWriting

open System
open System.IO
open System.Text.RegularExpressions
open Falcon
open Falcon.Experiments.Store
open Falcon.Reports
open Falcon.Results

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

let private parted (made: Result<'Made, Finding list> list) =
    List.choose Result.toOption made,
    made
    |> List.collect (fun one ->
        match one with
        | Ok _ -> []
        | Error findings -> findings)

/// Refuses files of two things under one name, and names that no file could have.
let private checkNames (tables: string list) (figures: string list) =
    let files = [ "document"; "document-letters"; "index"; "report"; "cells"; "gallery" ] @ tables @ figures

    let findings =
        [ for name, same in List.groupBy id files do
              if same.Length > 1 then
                  Finding("stands for two things in a report", $"'{name}'", "Give tables and figures of your own other names.")
          for name in tables @ figures do
              if not (Regex.IsMatch(name, "^[A-Za-z0-9-]+$")) then
                  Finding("is no name for files", $"'{name}'", "Name tables and figures with letters, digits and hyphens.") ]

    if not findings.IsEmpty then
        raise (InvalidInputException(Array.ofList findings))

/// What pdflatex makes of a report's document.
let private compiled = [ "document.pdf"; "document.aux"; "document.log" ]

let private refuseOthers (folder: string) (names: string list) =
    let findings =
        [ for name in names do
              let path = Path.Combine(folder, name)

              if Path.Exists path then
                  Finding("is there, and is of no report: it would be lost", path, "Choose another folder, or move it away.") ]

    if not findings.IsEmpty then
        raise (InvalidInputException(Array.ofList findings))

/// Refuses a folder in which files that no report has left have names of this one's.
let private checkFolder (folder: string) (tables: string list) (figures: string list) =
    let named names endings =
        [ for name in names do
              for ending in endings -> $"{name}.{ending}" ]

    let names =
        [ "index.html"; "document.tex"; "document-letters.pdf"; "cells.csv"; "gallery"; ReportManifest.File ]
        @ compiled
        @ named tables [ "tex"; "md"; "csv"; "json" ]
        @ named figures [ "dat"; "tex"; "pdf"; "svg"; "png" ]

    refuseOthers folder names

/// The files of a report, and what had to be left out. `reserve` is called with the names of tables and figures before any file is written.
let private make (pieces: StoredPieces) (subject: Subject) sections (folder: string) reserve : ReportPiece =
    let cells = CellSet([| for _, source in subject.Sources -> source.Cell |], subject.Failures)

    // Cells are named as the tables name them.
    let sources =
        [ for (_, source), cell in Seq.zip subject.Sources cells.Cells -> CellSource(cell, source.Folder, source.CategoryFolder) ]

    let overlap limit (cell: CellResult) =
        sources
        |> List.tryFind (fun source -> obj.ReferenceEquals(source.Cell, cell))
        |> Option.bind (pieces.Overlap limit)

    let tables, noTables = Section.tables sections cells |> parted
    let figures, noFigures = Section.figures sections overlap cells |> parted
    let figures = List.concat figures
    let labels, drawn = [ for table in tables -> table.Label ], [ for figure in figures -> figure.Name ]
    checkNames labels drawn
    reserve labels drawn

    let contents =
        ReportContents(
            Array.ofList tables,
            Array.ofList figures,
            HasOverlays = List.contains Gallery.overlays sections,
            HasQualitative = List.contains Gallery.qualitative sections
        )

    let written = ReportFolder.Write(folder, subject.Title, Array.ofList sources, contents, subject.Failures, pieces)
    ReportPiece(written.Files, [| yield! noTables; yield! noFigures; yield! written.Left |])

/// Writes a report into a folder, and removes what an earlier one left there; its page.
let write (folder: string) (sections: Section list) (subject: Subject) =
    let earlier = ReportManifest.tryRead folder
    use store = Store.openAt subject.Store

    let manifest files : ReportManifest.Manifest =
        { Study = subject.Study
          IsWhole = (subject.Title = subject.Study)
          Sections = [ for section in sections -> section.Text ]
          Cells = [ for id, source in subject.Sources -> id, ReportManifest.outcome source.Cell ]
          Keys =
            [ for id, source in subject.Sources do
                  match source.Folder |> Option.ofObj |> Option.bind CellFolders.readSource with
                  | Some known -> id, known.Key
                  | None -> () ]
          Labels = [ for id, source in subject.Sources -> id, source.Cell.Method ]
          Files = files }

    // From here on the folder is a report's, also if the process ends before all of it is there.
    let reserve tables figures =
        if earlier.IsNone then
            checkFolder folder tables figures
            ReportManifest.write folder (manifest [])

    let written = make (StoredPieces store) subject sections folder reserve

    for omission in Findings.grouped written.Left do
        eprintfn $"warning: {omission}"

    for file, _ in earlier |> Option.map _.Files |> Option.defaultValue [] do
        if not (Seq.contains file written.Files) then
            File.Delete(Path.Combine(folder, file))

    let files = written.Files |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b)) |> List.ofSeq

    ReportManifest.write folder (manifest [ for file in files -> file, (Digest.ofFile (Path.Combine(folder, file))).Hex ])

    Path.GetFullPath(Path.Combine(folder, "index.html"))

/// Compiles the document of a report; what it makes takes the place of nobody's files, and is the report's from then on.
let compile (folder: string) =
    let manifest = ReportManifest.tryRead folder
    let files = manifest |> Option.map _.Files |> Option.defaultValue []
    compiled |> List.except (List.map fst files) |> refuseOthers folder
    let complaints = LatexDocument.Compile(Path.Combine(folder, "document.tex")) |> List.ofSeq
    let made = compiled |> List.filter (fun name -> File.Exists(Path.Combine(folder, name)))
    let others = files |> List.filter (fun (name, _) -> not (List.contains name made))

    // Whoever compiles it again by hand changes nothing of what the report says: these have no digest.
    manifest
    |> Option.iter (fun manifest -> ReportManifest.write folder { manifest with Files = others @ [ for name in made -> name, "" ] })

    Path.GetFullPath(Path.Combine(folder, "document.pdf")), complaints
