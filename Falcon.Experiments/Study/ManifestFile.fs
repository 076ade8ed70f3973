/// JSON files that say what stands beside them.
module internal Falcon.Experiments.ManifestFile

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes
open Falcon

let text (value: string) : JsonNode | null = JsonValue.Create value

let texts (values: string list) : JsonNode | null = JsonArray(Array.ofList (List.map text values))

/// An object with a text for each name.
let pairs (items: (string * string) list) : JsonNode | null = JsonObject [ for name, value in items -> KeyValuePair(name, text value) ]

/// What `read` makes of a file; none when there is none, or it is not of this kind.
let tryRead (path: string) (read: JsonObject -> 'Manifest) : 'Manifest option =
    try
        if File.Exists path then
            Some(read (nonNull(JsonNode.Parse(File.ReadAllText path)).AsObject()))
        else
            None
    with
    | :? JsonException
    | :? InvalidOperationException
    | :? NullReferenceException -> None

let write (path: string) (fields: (string * (JsonNode | null)) list) =
    let options =
        JsonSerializerOptions(WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    let json = JsonObject [ for name, value in fields -> KeyValuePair(name, value) ]
    AtomicFile.Write(path, (fun stream -> stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString options + "\n"))))

/// The texts of an array.
let textsOf (json: JsonNode | null) = [ for value in (nonNull json).AsArray() -> string value ]
