/// What a report was made of, in a file beside it.
module internal Falcon.Experiments.ReportManifest

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Encodings.Web
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

let private text (value: string) : JsonNode | null = JsonValue.Create value

let write folder (manifest: Manifest) =
    let pairs items : JsonNode | null = JsonObject [ for name, digest in items -> KeyValuePair(name, text digest) ]

    let json =
        JsonObject
            [ KeyValuePair("study", text manifest.Study)
              KeyValuePair("whole", JsonValue.Create manifest.IsWhole :> JsonNode | null)
              KeyValuePair("sections", JsonArray(Array.ofList (List.map text manifest.Sections)) :> JsonNode | null)
              KeyValuePair("cells", pairs manifest.Cells)
              KeyValuePair("keys", pairs manifest.Keys)
              KeyValuePair(
                  "labels",
                  JsonObject [ for id, label in manifest.Labels -> KeyValuePair(id, JsonSerializer.SerializeToNode label) ]
                  :> JsonNode | null
              )
              KeyValuePair("files", pairs manifest.Files) ]

    let content =
        json.ToJsonString(
            JsonSerializerOptions(WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
        )
        + "\n"

    AtomicFile.Write(Path.Combine(folder, File), (fun stream -> stream.Write(Encoding.UTF8.GetBytes content)))

let tryRead folder =
    let path = Path.Combine(folder, File)

    try
        if IO.File.Exists path then
            let json = nonNull(JsonNode.Parse(IO.File.ReadAllText path)).AsObject()

            let pairs (name: string) =
                match json[name] with
                | :? JsonObject as object -> [ for item in object -> item.Key, string item.Value ]
                | names -> [ for name in (nonNull names).AsArray() -> string name, "" ]

            Some
                { Study = string json["study"]
                  IsWhole =
                    (match json["whole"] with
                     | null -> true
                     | whole -> whole.GetValue<bool>())
                  Sections = [ for section in (nonNull json["sections"]).AsArray() -> string section ]
                  Cells = pairs "cells"
                  Keys = if json.ContainsKey "keys" then pairs "keys" else []
                  Labels =
                    match json["labels"] with
                    | :? JsonObject as labels ->
                        [ for item in labels -> item.Key, nonNull (JsonSerializer.Deserialize<MethodLabel>(nonNull item.Value)) ]
                    | _ -> []
                  Files = pairs "files" }
        else
            None
    with
    | :? JsonException
    | :? InvalidOperationException
    | :? NullReferenceException -> None
