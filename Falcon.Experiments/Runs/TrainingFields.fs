/// What determines a training, field by field, and how one training differs from another.
module internal Falcon.Experiments.TrainingFields

open System
open System.Collections.Generic
open System.Text
open System.Text.RegularExpressions
open Falcon.Experiments.Store

[<Literal>]
let private Record = "training."

/// The field that all images of a training are.
[<Literal>]
let Images = "training images"

/// Its number, its name, and what is read of it.
let private imageInput = Regex(@"^image \d+ (?<name>.+) (?<part>\S+)$", RegexOptions.Compiled)

let private imageOf (input: string) = imageInput.Match(input).Groups["name"].Value

let private text input =
    match input with
    | Content digest -> digest.Hex
    | ResultOf key -> key.Hex

/// Each image and what is read of it is an input of its own; all of them are one field: their names, and a digest of their contents.
let private imagesOf (images: KeyValuePair<string, Input> list) =
    let names = images |> List.map (fun input -> imageOf input.Key) |> List.distinct
    let contents = images |> List.map (fun input -> $"{input.Key}={text input.Value}") |> String.concat "\n"
    $"""{String.Join(" ", names)} ({(Digest.ofBytes (Encoding.UTF8.GetBytes contents)).Hex[..9]})"""

/// Every field and input by its name: `training.method.epochs`, `training images`, `teacher`.
let ofCall (call: StageCall) =
    let images, others = call.Inputs |> List.ofSeq |> List.partition (fun input -> imageInput.IsMatch input.Key)

    [ yield! Canonical.leaves (Record.TrimEnd '.') call.Record
      "training version", string call.Version
      if not images.IsEmpty then Images, imagesOf images
      for input in others do
          input.Key, text input.Value ]

/// How the images of one call differ from those of another.
type ImageDifference =
    { Changed: string list
      Gone: string list
      New: string list }

    member this.Count = this.Changed.Length + this.Gone.Length + this.New.Length

/// The images of which two calls do not read the same.
let imageDifference (first: StageCall) (second: StageCall) : ImageDifference =
    let images (call: StageCall) =
        [ for input in call.Inputs do
              if imageInput.IsMatch input.Key then
                  imageOf input.Key, (imageInput.Match(input.Key).Groups["part"].Value, text input.Value) ]
        |> List.groupBy fst
        |> List.map (fun (name, inputs) -> name, List.map snd inputs)

    let first, second = images first, images second
    let a, b = Map first, Map second

    let without (other: Map<string, _>) named =
        [ for name, _ in named do
              if not (other.ContainsKey name) then name ]

    { Changed =
        [ for name, inputs in second do
              if a.ContainsKey name && a[name] <> inputs then name ]
      Gone = without b first
      New = without a second }

/// How images differ, in words; none where they do not.
let describeImages (difference: ImageDifference) : string list =
    let said one many (names: string list) =
        if names.IsEmpty then [] else [ $"{Findings.few names} {if names.Length = 1 then one else many}" ]

    said "has changed" "have changed" difference.Changed
    @ said "is gone" "are gone" difference.Gone
    @ said "is new" "are new" difference.New

/// How many images a training reads.
let images (call: StageCall) =
    let start = "image "
    let mutable count, last = 0, ""

    // In the order of their names what is read of one image stands together.
    for item in call.Inputs do
        let name = item.Key
        let ends = if name.StartsWith(start, StringComparison.Ordinal) then name.IndexOf(' ', start.Length) else -1

        if ends > start.Length && Char.IsAsciiDigit name[start.Length] then
            let number = name.AsSpan(start.Length, ends - start.Length)

            if not (number.SequenceEqual(last.AsSpan())) then
                last <- number.ToString()
                count <- count + 1

    count

/// An option or another value of the training's own record, by its path.
let tryOption path (fields: (string * string) list) =
    fields |> List.tryPick (fun (name, value) -> if name = Record + path then Some value else None)

/// The fields that are not the same, in their order, with the value of each; empty where there is none.
let differing (first: (string * string) list) (second: (string * string) list) =
    let a, b = Map first, Map second
    let value fields name = Map.tryFind name fields |> Option.defaultValue ""

    [ for name in List.map fst first @ List.map fst second |> List.distinct do
          if value a name <> value b name then name, value a name, value b name ]

/// A difference in a few words: `method.epochs 20 → 100`; of inputs, which have no readable value, only the name.
let describe (name: string, first: string, second: string) =
    let shown value = if value = "" then "none" else value

    if name.StartsWith(Record, StringComparison.Ordinal) then
        $"{name.Substring Record.Length} {shown first} → {shown second}"
    else
        name
