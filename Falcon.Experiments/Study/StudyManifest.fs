/// What a study was when it last ran: its cells and the sections of its report, in a file beside its results.
module internal Falcon.Experiments.StudyManifest

open System
open System.Collections.Generic
open System.IO
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes
open Falcon

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
    let path = Path.Combine(folder, File)

    try
        if System.IO.File.Exists path then
            let json = nonNull(JsonNode.Parse(System.IO.File.ReadAllText path)).AsObject()

            Some
                { Cells =
                    [ for cell: KeyValuePair<string, JsonNode | null> in (nonNull json["cells"]).AsObject() -> cell.Key, string cell.Value ]
                  Sections = [ for section in (nonNull json["sections"]).AsArray() -> string section ] }
        else
            None
    with
    | :? JsonException
    | :? InvalidOperationException
    | :? NullReferenceException -> None

let private write folder (manifest: Manifest) =
    let text (value: string) : JsonNode | null = JsonValue.Create value

    let json =
        JsonObject
            [ KeyValuePair("cells", JsonObject [ for id, key in manifest.Cells -> KeyValuePair(id, text key) ] :> JsonNode | null)
              KeyValuePair("sections", JsonArray(Array.ofList (List.map text manifest.Sections)) :> JsonNode | null) ]

    let options =
        JsonSerializerOptions(WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    Directory.CreateDirectory folder |> ignore

    AtomicFile.Write(
        Path.Combine(folder, File),
        (fun stream -> stream.Write(ReadOnlySpan(JsonSerializer.SerializeToUtf8Bytes(json, options))))
    )

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
