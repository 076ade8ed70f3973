/// Cells that failed, by the key of the result that they did not get: they stay failed, and visible, until they are tried again.
module internal Falcon.Experiments.Failures

open System
open System.Globalization
open System.IO
open System.Text.Json.Nodes
open Falcon.Experiments.Store

/// What is known of a failure.
type Failure = { Key: string; Id: string; Study: string; Message: string; Log: string; At: DateTimeOffset }

let private folder (store: Store) = Path.Combine(store.Folder, "failures")

let private path store (key: Key) = Path.Combine(folder store, key.Hex)

let private write (failure: Failure) =
    let json = JsonObject()

    for name, value in
        [ "key", failure.Key
          "id", failure.Id
          "study", failure.Study
          "message", failure.Message
          "log", failure.Log
          "at", failure.At.ToString("O", CultureInfo.InvariantCulture) ] do
        json.Add(name, JsonValue.Create value)

    json.ToJsonString()

let private parse (text: string) =
    let json = nonNull(JsonNode.Parse text).AsObject()
    let value (name: string) = string json[name]

    { Key = value "key"
      Id = value "id"
      Study = value "study"
      Message = value "message"
      Log = value "log"
      At = DateTimeOffset.Parse(value "at", CultureInfo.InvariantCulture) }

let private read (path: string) =
    match SealedText.tryRead path with
    | Some(Ok text) -> Some(parse text)
    | Some(Error _)
    | None -> None

let tryFind store key = read (path store key)

/// Keeps the story of a failure.
let keep (store: Store) (key: Key) study id (error: exn) =
    let failure =
        { Key = key.Hex
          Id = id
          Study = study
          Message = error.Message
          Log = string error
          At = DateTimeOffset.UtcNow }

    Durable.write (store.Session.NewFile()) (path store key) (SealedText.seal (write failure))
    failure

/// Forgets a failure.
let forget store key = Durable.delete (path store key)

let all (store: Store) =
    [ for file, _ in Durable.files (folder store) do
          yield! Option.toList (read file) ]
