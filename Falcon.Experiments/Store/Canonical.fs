namespace Falcon.Experiments.Store

open System
open System.Globalization
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Text.Json.Serialization

[<Struct>]
type Canonical =
    private
    | Canonical of text: string

    member this.Text =
        let (Canonical text) = this
        text

    override this.ToString() = this.Text

module Canonical =
    let private format =
        let unions =
            JsonUnionEncoding.ExternalTag
            ||| JsonUnionEncoding.NamedFields
            ||| JsonUnionEncoding.UnwrapFieldlessTags
            ||| JsonUnionEncoding.UnwrapOption

        let format = JsonSerializerOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)
        format.Converters.Add(JsonStringEnumConverter())
        format.Converters.Add(JsonFSharpConverter(unions))
        format

    let private isPlain (character: char) = character >= ' ' && character <> '"' && character <> '\\'

    let private writeEscaped (out: StringBuilder) (text: string) =
        let escape (character: char) = out.Append("\\u").Append((int character).ToString("x4", CultureInfo.InvariantCulture))
        out.Append '"' |> ignore

        for index in 0 .. text.Length - 1 do
            match text[index] with
            | '"' -> out.Append "\\\""
            | '\\' -> out.Append "\\\\"
            | '\b' -> out.Append "\\b"
            | '\t' -> out.Append "\\t"
            | '\n' -> out.Append "\\n"
            | '\f' -> out.Append "\\f"
            | '\r' -> out.Append "\\r"
            | control when control < ' ' -> escape control
            | character -> out.Append character
            |> ignore

        out.Append '"' |> ignore

    let private writeString (out: StringBuilder) (text: string) =
        let mutable index = 0

        while index < text.Length && isPlain text[index] do
            index <- index + 1

        if index = text.Length then
            out.Append('"').Append(text).Append '"' |> ignore
        else
            writeEscaped out text

    let private number (literal: string) =
        if literal |> Seq.forall (fun character -> Char.IsAsciiDigit character || character = '-') then
            if literal = "-0" then "0" else literal
        else
            let value = Double.Parse(literal, CultureInfo.InvariantCulture)

            if not (Double.IsFinite value) then
                invalidArg "node" $"{literal} is beyond the range of a double"

            if value = Math.Truncate value && abs value < 9.2e18 then
                (int64 value).ToString CultureInfo.InvariantCulture
            else
                value.ToString("R", CultureInfo.InvariantCulture)

    let private members (value: JsonElement) =
        let sorted = value.EnumerateObject() |> Seq.map (fun item -> struct (item.Name, item.Value)) |> Seq.toArray

        sorted |> Array.sortInPlaceWith (fun (struct (a, _)) (struct (b, _)) -> String.CompareOrdinal(a, b))

        for index in 1 .. sorted.Length - 1 do
            let struct (before, _) = sorted[index - 1]
            let struct (name, _) = sorted[index]

            if before = name then
                invalidArg "node" $"the member '{name}' stands twice in one object"

        sorted

    let private separated (out: StringBuilder) (write: 'T -> unit) (items: 'T seq) =
        let mutable isFirst = true

        for item in items do
            if not isFirst then out.Append ',' |> ignore

            isFirst <- false
            write item

    let rec private write (out: StringBuilder) (value: JsonElement) : unit =
        match value.ValueKind with
        | JsonValueKind.Object ->
            out.Append '{' |> ignore

            members value
            |> separated out (fun (struct (name, item)) ->
                writeString out name
                out.Append ':' |> ignore
                write out item)

            out.Append '}' |> ignore
        | JsonValueKind.Array ->
            out.Append '[' |> ignore
            value.EnumerateArray() |> separated out (write out)
            out.Append ']' |> ignore
        | JsonValueKind.String -> writeString out (nonNull (value.GetString()))
        | JsonValueKind.Number -> out.Append(number (value.GetRawText())) |> ignore
        | JsonValueKind.True -> out.Append "true" |> ignore
        | JsonValueKind.False -> out.Append "false" |> ignore
        | _ -> out.Append "null" |> ignore

    let ofElement (value: JsonElement) =
        let out = StringBuilder()
        write out value
        Canonical(string out)

    let ofSpelt (text: string) = Canonical text

    let appendText (out: StringBuilder) (text: string) = writeString out text

    let ofText (text: string) =
        let out = StringBuilder()
        writeString out text
        Canonical(string out)

    let ofMembers (members: (string * Canonical) list) =
        let sorted = Array.ofList members
        sorted |> Array.sortInPlaceWith (fun (a, _) (b, _) -> String.CompareOrdinal(a, b))

        for index in 1 .. sorted.Length - 1 do
            if fst sorted[index - 1] = fst sorted[index] then
                invalidArg (nameof members) $"the member '{fst sorted[index]}' stands twice in one object"

        let out = StringBuilder().Append '{'

        sorted
        |> separated out (fun (name, value) ->
            writeString out name
            out.Append(':').Append(value.Text) |> ignore)

        Canonical(string (out.Append '}'))

    let withMember name (value: Canonical) (object: Canonical) =
        use document = JsonDocument.Parse object.Text

        ofMembers
            [ yield name, value
              for item in document.RootElement.EnumerateObject() do
                  // It is spelt so already.
                  yield item.Name, Canonical(item.Value.GetRawText()) ]

    let ofNode (node: JsonNode | null) = ofElement (JsonSerializer.SerializeToElement(node))

    let ofValue (value: 'T) = ofElement (JsonSerializer.SerializeToElement(value, format))

    let leaves prefix (value: Canonical) =
        let rec of' path (value: JsonElement) : (string * string) list =
            match value.ValueKind with
            | JsonValueKind.Object ->
                [ for item in value.EnumerateObject() do
                      yield! of' $"{path}.{item.Name}" item.Value ]
            | JsonValueKind.Array -> value.EnumerateArray() |> Seq.mapi (fun index item -> of' $"{path}[{index}]" item) |> List.concat
            | JsonValueKind.String -> [ path, string (value.GetString()) ]
            | _ -> [ path, (ofElement value).Text ]

        use document = JsonDocument.Parse value.Text
        of' prefix document.RootElement
