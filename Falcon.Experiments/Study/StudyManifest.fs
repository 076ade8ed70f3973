/// What a study was when it last ran: its cells and the sections of its report, in a file beside its results.
module internal Falcon.Experiments.StudyManifest

open System.Collections.Generic
open System.IO
open System.Text.Json.Nodes

[<Literal>]
let private File = "study.json"

type Manifest =
    {
        /// The ids of all its cells in their order, each with the key of its result; empty for a cell that was left out of every run so far.
        Cells: (string * string) list
        /// The texts of the sections of its last report.
        Sections: string list
    }

let tryRead folder =
    ManifestFile.tryRead (Path.Combine(folder, File)) (fun json ->
        { Cells = [ for cell: KeyValuePair<string, JsonNode | null> in (nonNull json["cells"]).AsObject() -> cell.Key, string cell.Value ]
          Sections = ManifestFile.textsOf json["sections"] })

let private write folder (manifest: Manifest) =
    ManifestFile.write
        (Path.Combine(folder, File))
        [ "cells", ManifestFile.pairs manifest.Cells; "sections", ManifestFile.texts manifest.Sections ]

let private update folder change =
    let earlier = tryRead folder
    let manifest = change (earlier |> Option.defaultValue { Cells = []; Sections = [] })
    if earlier <> Some manifest then write folder manifest

/// Notes the cells of a study, some of which have run now, with their keys.
let note folder (cells: string list) (ran: (string * string) list) =
    update folder (fun earlier ->
        let keys = Map(earlier.Cells @ ran)
        { earlier with Cells = [ for id in cells -> id, Map.tryFind id keys |> Option.defaultValue "" ] })

/// Notes the sections of its report.
let noteSections folder sections = update folder (fun earlier -> { earlier with Sections = sections })
