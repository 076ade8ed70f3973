namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.Globalization
open System.Text.Json

type Input =
    | Content of Digest
    | ResultOf of Key

/// The document can be made anew at any time: large plans have tens of thousands of calls, which read hundreds of images each.
[<Sealed>]
type StageCall(stage: string, version: int, record: Canonical, inputs: Map<string, Input>, document: unit -> Canonical, key: Key) =
    member _.Stage = stage
    member _.Version = version
    member _.Record = record
    member _.Inputs = inputs
    member _.Document = document ()
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

    let private documentOf (stage: string) (version: int) record (inputs: Map<string, Input>) =
        Canonical.ofMembers
            [ "format", Canonical.ofText format
              "stage", Canonical.ofText stage
              "version", Canonical.ofSpelt (version.ToString CultureInfo.InvariantCulture)
              "record", record
              "inputs", Canonical.ofMembers [ for item in inputs -> item.Key, Canonical.ofText (inputText item.Value) ] ]

    let create (stage: string) (version: int) (record: Canonical) (inputs: (string * Input) list) =
        if not (isStage stage) then
            invalidArg (nameof stage) $"'{stage}' is no stage name: small letters, digits and hyphens only"

        let byName = Map.ofList inputs

        if byName.Count < inputs.Length then
            invalidArg (nameof inputs) $"two inputs of the stage '{stage}' have one name"

        let document () = documentOf stage version record byName
        StageCall(stage, version, record, byName, document, Key.ofDocument (document ()).Text)

    let private read (document: JsonElement) make =
        let text (name: string) = nonNull (document.GetProperty(name).GetString())

        let inputs =
            [ for item in document.GetProperty("inputs").EnumerateObject() do
                  match inputOf (nonNull (item.Value.GetString())) with
                  | Some input -> item.Name, input
                  | None -> () ]

        make (text "stage") (document.GetProperty("version").GetInt32()) (document.GetProperty "record") inputs

    let ofKept (key: Key) (document: string) =
        use json = JsonDocument.Parse document

        read json.RootElement (fun stage version record inputs ->
            StageCall(stage, version, Canonical.ofSpelt (record.GetRawText()), Map.ofList inputs, (fun () -> Canonical.ofSpelt document), key))

    let ofDocument (document: string) =
        try
            use json = JsonDocument.Parse document
            let call = read json.RootElement (fun stage version record -> create stage version (Canonical.ofElement record))
            if call.Document.Text = document then Some call else None
        with
        | :? JsonException
        | :? KeyNotFoundException
        | :? InvalidOperationException
        | :? FormatException
        | :? ArgumentException -> None
