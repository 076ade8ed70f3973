/// What a report was made of, in a file beside it.
module internal Falcon.Experiments.ReportManifest

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open Falcon
open Falcon.Experiments.Store
open Falcon.Results

[<Literal>]
let File = "report.json"

type Manifest =
    {
        Study: string
        /// Whether it shows all cells of the study.
        IsWhole: bool
        /// The texts of its sections.
        Sections: string list
        /// The ids of its cells, each with the digest of its outcome; empty in reports of earlier versions.
        Cells: (string * string) list
        /// What their methods are called; empty in reports of earlier versions.
        Labels: (string * MethodLabel) list
        /// The ids of its cells, each with the key of its result; empty in reports of earlier versions.
        Keys: (string * string) list
        /// Its files without this one, each with its digest; empty in reports of earlier versions.
        Files: (string * string) list
    }

/// What tables and figures can show of a cell, times and machines aside.
let outcome (cell: CellResult) =
    let json = nonNull(JsonNode.Parse(ReadOnlySpan(CellFolder.Json cell))).AsObject()
    json.Remove "timings" |> ignore
    json.Remove "provenance" |> ignore
    json["method"] <- JsonValue.Create cell.Method.Title
    (Digest.ofBytes (Encoding.UTF8.GetBytes(json.ToJsonString()))).Hex

let private place folder = Path.Combine(folder, File)

/// Whether a folder holds a report.
let isIn folder = IO.File.Exists(place folder)

let write folder (manifest: Manifest) =
    let label (label: MethodLabel) : JsonNode | null = JsonSerializer.SerializeToNode label

    ManifestFile.write
        (place folder)
        [ "study", ManifestFile.text manifest.Study
          "whole", JsonValue.Create manifest.IsWhole
          "sections", ManifestFile.texts manifest.Sections
          "cells", ManifestFile.pairs manifest.Cells
          "keys", ManifestFile.pairs manifest.Keys
          "labels", JsonObject [ for id, named in manifest.Labels -> KeyValuePair(id, label named) ]
          "files", ManifestFile.pairs manifest.Files ]

let tryRead folder =
    ManifestFile.tryRead (place folder) (fun json ->
        let pairs (name: string) =
            match json[name] with
            | :? JsonObject as object -> [ for item in object -> item.Key, string item.Value ]
            | names -> [ for name in ManifestFile.textsOf names -> name, "" ]

        { Study = string json["study"]
          IsWhole =
            (match json["whole"] with
             | null -> true
             | whole -> whole.GetValue<bool>())
          Sections = ManifestFile.textsOf json["sections"]
          Cells = pairs "cells"
          Keys = if json.ContainsKey "keys" then pairs "keys" else []
          Labels =
            match json["labels"] with
            | :? JsonObject as labels ->
                [ for item in labels -> item.Key, nonNull (JsonSerializer.Deserialize<MethodLabel>(nonNull item.Value)) ]
            | _ -> []
          Files = pairs "files" })
