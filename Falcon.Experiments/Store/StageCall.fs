namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.Text
open System.Text.Json
open System.Threading

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

    let private inputOf (text: string) =
        match text.Split ':' with
        | [| "sha256"; hex |] -> Digest.tryParse hex |> Option.map Content
        | [| "key"; hex |] -> Key.tryParse hex |> Option.map ResultOf
        | _ -> None

    /// Members stand in the order of their names; those of a map do.
    let private write (out: StringBuilder) (stage: string) (version: int) (record: Canonical) (inputs: Map<string, Input>) =
        out.Append("{\"format\":\"").Append(format).Append("\",\"inputs\":{") |> ignore
        let mutable isFirst = true

        for item in inputs do
            if not isFirst then out.Append ',' |> ignore

            isFirst <- false
            Canonical.appendText out item.Key

            match item.Value with
            | Content digest -> out.Append(":\"sha256:").Append digest.Hex
            | ResultOf key -> out.Append(":\"key:").Append key.Hex
            |> _.Append('"')
            |> ignore

        out
            .Append("},\"record\":")
            .Append(record.Text)
            .Append(",\"stage\":\"")
            .Append(stage)
            .Append("\",\"version\":")
            .Append(version)
            .Append
            '}'
        |> ignore

    let private documentOf stage version record inputs =
        let out = StringBuilder()
        write out stage version record inputs
        Canonical.ofSpelt (string out)

    /// Each thread has one, which grows to what the largest document takes.
    let private writer = new ThreadLocal<StringBuilder>(fun () -> StringBuilder(1 <<< 14))

    let private keyOf stage version record inputs =
        let out = writer.Value.Clear()
        write out stage version record inputs
        Key.ofWritten out

    let ofInputs (stage: string) (version: int) (record: Canonical) (count: int) (inputs: Map<string, Input>) =
        if not (isStage stage) then
            invalidArg (nameof stage) $"'{stage}' is no stage name: small letters, digits and hyphens only"

        if inputs.Count < count then
            invalidArg (nameof inputs) $"two inputs of the stage '{stage}' have one name"

        let document () = documentOf stage version record inputs
        StageCall(stage, version, record, inputs, document, keyOf stage version record inputs)

    let create stage version record (inputs: (string * Input) list) = ofInputs stage version record inputs.Length (Map.ofList inputs)

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
            StageCall(
                stage,
                version,
                Canonical.ofSpelt (record.GetRawText()),
                Map.ofList inputs,
                (fun () -> Canonical.ofSpelt document),
                key
            ))

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
