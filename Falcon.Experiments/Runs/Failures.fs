namespace Falcon.Experiments

open System
open System.Globalization
open System.IO
open System.Text.Json.Nodes
open Falcon.Experiments.Store

/// Why a cell has no result.
type CellFailure =
    {
        /// What went wrong, for people.
        Message: string
        /// The whole of it: the exception with its stack.
        Story: string
    }

/// Cells that failed, by the key of the result that they did not get: they stay failed, and visible, until they are tried again.
module internal Failures =
    type Kept = { Key: string; Id: string; At: DateTimeOffset; Failure: CellFailure }

    let private folder (store: Store) = Path.Combine(store.Folder, "failures")

    let private path store (key: Key) = Path.Combine(folder store, key.Hex)

    let private write study (kept: Kept) =
        let json = JsonObject()

        for name, value in
            [ "key", kept.Key
              "id", kept.Id
              "study", study
              "message", kept.Failure.Message
              "log", kept.Failure.Story
              "at", kept.At.ToString("O", CultureInfo.InvariantCulture) ] do
            json.Add(name, JsonValue.Create value)

        json.ToJsonString()

    let private parse (text: string) =
        let json = nonNull(JsonNode.Parse text).AsObject()
        let value (name: string) = string json[name]

        { Key = value "key"
          Id = value "id"
          At = DateTimeOffset.Parse(value "at", CultureInfo.InvariantCulture)
          Failure = { Message = value "message"; Story = value "log" } }

    let private read (path: string) =
        match SealedText.tryRead path with
        | Some(Ok text) -> Some(parse text)
        | Some(Error _)
        | None -> None

    let tryFind store key = read (path store key) |> Option.map _.Failure

    /// Keeps the story of a failure.
    let keep (store: Store) (key: Key) study id (error: exn) =
        let failure = { Message = Findings.message error; Story = string error }
        let kept = { Key = key.Hex; Id = id; At = DateTimeOffset.UtcNow; Failure = failure }
        Durable.write (store.Session.NewFile()) (path store key) (SealedText.seal (write study kept))
        failure

    /// Forgets a failure.
    let forget store key = Durable.delete (path store key)

    let all (store: Store) =
        [ for file, _ in Durable.files (folder store) do
              yield! Option.toList (read file) ]
