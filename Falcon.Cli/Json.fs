/// Values for --json: built in the order in which they are printed.
module Falcon.Cli.Json

open System
open System.Collections.Generic
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

let private options =
    lazy JsonSerializerOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

let text (value: string) : JsonNode = JsonValue.Create value

let flag (value: bool) : JsonNode = JsonValue.Create value

let whole (value: int64) : JsonNode = JsonValue.Create value

/// JSON has no NaN and no infinity: they become null.
let number (value: float) : JsonNode =
    if Double.IsFinite value then JsonValue.Create value else null

let array (items: JsonNode seq) : JsonNode = JsonArray(Seq.toArray items)

let object (fields: (string * JsonNode) seq) : JsonNode =
    JsonObject(fields |> Seq.map (fun (name, value) -> KeyValuePair(name, value)))

let render (value: JsonNode) = value.ToJsonString options.Value

/// Prints the value as the one line of standard output.
let write session (value: JsonNode) = session.Out.WriteLine(render value)
