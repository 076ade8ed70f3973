namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Text.Json
open System.Text.Json.Nodes

type OutputName = { Digest: Digest; Size: int64 }

type Entry =
    { Key: Key
      Stage: string
      Version: int
      Outputs: Map<string, OutputName>
      Seconds: float
      Created: DateTimeOffset
      Document: string }

    member this.Call = StageCall.ofKept this.Key this.Document

type Miss =
    | NotComputed
    | BrokenEntry of problem: string
    | MissingOutput of name: string
    | BrokenOutput of name: string * problem: string

module Miss =
    let describe miss =
        match miss with
        | NotComputed -> "not computed yet"
        | BrokenEntry problem -> $"its entry in the store is broken: {problem}"
        | MissingOutput name -> $"its output '{name}' is missing from the store"
        | BrokenOutput(name, problem) -> $"its output '{name}' is broken in the store: {problem}"

type EntryFile = { Path: string; Key: Key; Stage: string; Stamp: FileStamp; Entry: Result<Entry, string> }

module ActionCache =
    let private format = "falcon.action/1"
    let private useResolution = TimeSpan.FromMinutes 1.0

    let private folder (store: string) = Path.Combine(store, "actions")

    let private path store stage (key: Key) = Path.Combine(folder store, stage, key.Hex.Substring(0, 2), key.Hex)

    let private outputNode (output: OutputName) : JsonNode =
        JsonObject
            [ KeyValuePair("digest", JsonValue.Create output.Digest.Hex :> JsonNode | null)
              KeyValuePair("size", JsonValue.Create output.Size :> JsonNode | null) ]

    let private text (call: StageCall) (outputs: Map<string, OutputName>) (seconds: float) =
        let head = JsonObject()
        head["format"] <- JsonValue.Create format
        head["stage"] <- JsonValue.Create call.Stage
        head["version"] <- JsonValue.Create call.Version
        head["seconds"] <- JsonValue.Create seconds
        head["created"] <- JsonValue.Create(DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))
        head["outputs"] <- JsonObject [ for output in outputs -> KeyValuePair(output.Key, outputNode output.Value) ]
        $"{head.ToJsonString()}\n{call.Document.Text}"

    let private output (node: JsonElement) =
        { Digest = (Digest.tryParse (nonNull (node.GetProperty("digest").GetString()))).Value
          Size = node.GetProperty("size").GetInt64() }

    let private read (stage: string) (key: Key) (text: string) =
        let split = text.IndexOf '\n'
        let document = text.Substring(split + 1)
        use head = JsonDocument.Parse(text.AsMemory(0, split))
        let value (name: string) = head.RootElement.GetProperty name

        if value("format").GetString() <> format then
            Error "its format is unknown"
        elif Key.ofDocument document <> key || value("stage").GetString() <> stage then
            Error "it belongs to another key"
        else
            let outputs = Map [ for item in value("outputs").EnumerateObject() -> item.Name, output item.Value ]

            Ok
                { Key = key
                  Stage = stage
                  Version = value("version").GetInt32()
                  Outputs = outputs
                  Seconds = value("seconds").GetDouble()
                  Created = value("created").GetDateTimeOffset()
                  Document = document }

    let private tryReadFile stage key path = SealedText.tryRead path |> Option.map (Result.bind (read stage key))

    let tryRead store stage key =
        match tryReadFile stage key (path store stage key) with
        | None -> Error NotComputed
        | Some(Error problem) -> Error(BrokenEntry problem)
        | Some(Ok entry) -> Ok entry

    let touch store stage key =
        let path = path store stage key

        match FileStamp.tryRead path with
        | ValueSome stamp when DateTimeOffset.UtcNow - FileStamp.modifiedAt stamp > useResolution ->
            try
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow)
            with
            | :? IOException
            | :? UnauthorizedAccessException -> ()
        | _ -> ()

    let write (session: StoreSession) (call: StageCall) outputs seconds =
        Durable.write (session.NewFile()) (path session.Store call.Stage call.Key) (SealedText.seal (text call outputs seconds))

    let choose (store: string) stage latest (choice: Entry -> FileStamp -> 'Choice option) =
        let root = Path.Combine(folder store, stage)

        let folders = if Directory.Exists root then Directory.GetDirectories root else [||]
        let files = folders |> Array.Parallel.collect (Durable.files >> Array.ofList)

        let read (path: string, stamp: FileStamp) =
            Key.tryParse (nonNull (Path.GetFileName path))
            |> Option.bind (fun key ->
                match tryReadFile stage key path with
                | Some(Ok entry) -> choice entry stamp
                | Some(Error _)
                | None -> None)

        files
        |> Array.sortWith (fun (first, a) (second, b) ->
            match compare b.Modified a.Modified with
            | 0 -> String.CompareOrdinal(first, second)
            | order -> order)
        |> Array.truncate latest
        |> Array.Parallel.choose read
        |> List.ofArray

    let private within (store: string) (root: string) kept (known: EntryFile list) =
        let known = Dictionary [ for file in known -> KeyValuePair(file.Path, file) ]

        let read (path: string) stage key stamp =
            match known.TryGetValue path with
            | true, earlier when earlier.Stamp = stamp -> Some earlier
            | _ ->
                tryReadFile stage key path
                |> Option.map (fun entry -> { Path = path; Key = key; Stage = stage; Stamp = stamp; Entry = kept entry })

        [ for path, stamp in Durable.files root do
              match Path.GetRelativePath(folder store, path).Split Path.DirectorySeparatorChar with
              | [| stage; _; name |] -> yield! Key.tryParse name |> Option.bind (fun key -> read path stage key stamp) |> Option.toList
              | _ -> () ]

    /// Documents are by far the most of a large store.
    let outlines store known = within store (folder store) (Result.map (fun entry -> { entry with Document = "" })) known

    let all store = within store (folder store) id []

    let stages store = [ for path in Directory.GetDirectories(folder store) -> nonNull (Path.GetFileName path) ]

    let ofStage store stage = within store (Path.Combine(folder store, stage)) id []
