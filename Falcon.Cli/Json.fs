/// Values for --json: built in the order in which they are printed.
module Falcon.Cli.Json

open System
open System.Collections.Generic
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

/// A JSON value; JSON's null is .NET's.
type Value = JsonNode | null

let private options = lazy JsonSerializerOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

let text (value: string | null) : Value = JsonValue.Create value

let flag (value: bool) : Value = JsonValue.Create value

let whole (value: int64) : Value = JsonValue.Create value

/// JSON has no NaN and no infinity: they become null.
let number (value: float) : Value = if Double.IsFinite value then JsonValue.Create value else null

let array (items: Value seq) : Value = JsonArray(Seq.toArray items)

let object (fields: (string * Value) seq) : Value = JsonObject(fields |> Seq.map (fun (name, value) -> KeyValuePair(name, value)))

let render (value: Value) =
    match value with
    | null -> "null"
    | node -> node.ToJsonString options.Value

/// Prints the value as the one line of standard output.
let write session (value: Value) = session.Out.WriteLine(render value)
