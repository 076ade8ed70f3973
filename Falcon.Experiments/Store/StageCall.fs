namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.Text.Json

type Input =
    | Content of Digest
    | ResultOf of Key

[<Sealed>]
type StageCall(stage: string, version: int, record: Canonical, inputs: Map<string, Input>, document: Canonical) =
    let key = Key.ofDocument document.Text

    member _.Stage = stage
    member _.Version = version
    member _.Record = record
    member _.Inputs = inputs
    member _.Document = document
    member _.Key = key

module StageCall =
    let private format = "falcon.key/1"

    let private isStage (name: string) =
        name <> ""
        && name |> Seq.forall (fun letter -> Char.IsAsciiLetterLower letter || Char.IsAsciiDigit letter || letter = '-')

    let private inputText input =
        match input with
        | Content digest -> $"sha256:{digest.Hex}"
        | ResultOf key -> $"key:{key.Hex}"

    let private inputOf (text: string) =
        match text.Split ':' with
        | [| "sha256"; hex |] -> Digest.tryParse hex |> Option.map Content
        | [| "key"; hex |] -> Key.tryParse hex |> Option.map ResultOf
        | _ -> None

    let create (stage: string) (version: int) (record: Canonical) (inputs: (string * Input) list) =
        if not (isStage stage) then
            invalidArg (nameof stage) $"'{stage}' is no stage name: small letters, digits and hyphens only"

        let byName = Map.ofList inputs

        if byName.Count < inputs.Length then
            invalidArg (nameof inputs) $"two inputs of the stage '{stage}' have one name"

        let document =
            Canonical.ofMembers
                [ "format", Canonical.ofText format
                  "stage", Canonical.ofText stage
                  "version", Canonical.ofValue version
                  "record", record
                  "inputs", Canonical.ofMembers [ for name, input in inputs -> name, Canonical.ofText (inputText input) ] ]

        StageCall(stage, version, record, byName, document)

    let private read (document: JsonElement) =
        let text (name: string) = nonNull (document.GetProperty(name).GetString())

        let inputs =
            [ for item in document.GetProperty("inputs").EnumerateObject() do
                  match inputOf (nonNull (item.Value.GetString())) with
                  | Some input -> item.Name, input
                  | None -> () ]

        create (text "stage") (document.GetProperty("version").GetInt32()) (Canonical.ofElement (document.GetProperty "record")) inputs

    let ofDocument (document: string) =
        try
            use json = JsonDocument.Parse document
            let call = read json.RootElement
            if call.Document.Text = document then Some call else None
        with
        | :? JsonException
        | :? KeyNotFoundException
        | :? InvalidOperationException
        | :? FormatException
        | :? ArgumentException -> None
