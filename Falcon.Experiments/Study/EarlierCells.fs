/// What trainings a store knows, and how another one differs from them.
module internal Falcon.Experiments.EarlierCells

open System
open System.Collections.Generic
open System.Text.RegularExpressions
open Falcon.Experiments.Stages
open Falcon.Experiments.Store

/// A training that has been done.
type Earlier =
    {
        Key: Key
        Call: StageCall
        Seconds: float
        /// Every field and input by its path.
        Fields: Map<string, string>
    }

let private imageInput = Regex @"^image \d"

/// Inputs of many images are told of as one.
let private fields (call: StageCall) =
    let key (input: KeyValuePair<string, Input>) =
        match input.Value with
        | Content digest -> digest.Hex
        | ResultOf key -> key.Hex

    let images, others = call.Inputs |> List.ofSeq |> List.partition (fun input -> imageInput.IsMatch input.Key)

    Map(
        Canonical.leaves "record" call.Record
        @ [ "version", string call.Version
            "training images", images |> List.map (fun input -> $"{input.Key}={key input}") |> String.concat " " ]
        @ [ for input in others -> input.Key, key input ]
    )

/// By recipe: the other kind of entry names its inputs by content.
let private isRecipe (call: StageCall) = call.Inputs.Values |> Seq.exists (fun input -> input.IsResultOf)

let all (store: Store) : Earlier list =
    [ for stored in Store.entriesOf store Training.Name do
          let call = stored.Entry.Call

          if isRecipe call then
              { Key = stored.Entry.Key; Call = call; Seconds = stored.Entry.Seconds; Fields = fields call } ]

/// The keys of trainings whose cells had a name, the latest first.
let trainingOf (store: Store) : Map<string, Key> =
    [ for stored in Store.entriesOf store Recording.Name |> List.sortBy _.Entry.Created do
          match Map.tryFind "training" stored.Entry.Call.Inputs with
          | Some(ResultOf training) -> Recording.idOf stored.Entry.Call, training
          | Some(Content _)
          | None -> () ]
    |> Map

/// What differs, in words, options before inputs: `method.epochs 20 → 100`, `training images`, `teacher`.
let private differing (earlier: Map<string, string>) (now: Map<string, string>) =
    let paths =
        Seq.append earlier.Keys now.Keys
        |> Seq.distinct
        |> Seq.filter (fun path -> Map.tryFind path earlier <> Map.tryFind path now)

    let options, others = paths |> Seq.sort |> List.ofSeq |> List.partition _.StartsWith("record.", StringComparison.Ordinal)
    let shown path fields = Map.tryFind path fields |> Option.defaultValue "none"

    [ for path in options -> $"{path.Substring 7} {shown path earlier} → {shown path now}"
      yield! others ]

let private method (fields: Map<string, string>) = Map.tryFind "record.method.method" fields

/// How a training differs from one.
let differences (earlier: Earlier) (call: StageCall) = differing earlier.Fields (fields call)

/// How a training differs from that of its method which it has most in common with; none when there is none.
let nearest (earlier: Earlier list) (call: StageCall) =
    let now = fields call

    match earlier |> List.filter (fun candidate -> method candidate.Fields = method now) with
    | [] -> None
    | candidates -> candidates |> List.map (fun candidate -> differing candidate.Fields now) |> List.minBy List.length |> Some

/// How many images a training reads.
let private images (call: StageCall) =
    call.Inputs.Keys
    |> Seq.filter imageInput.IsMatch
    |> Seq.distinctBy (fun name -> name.Split(' ')[1])
    |> Seq.length

let private median (values: float list) =
    match List.sort values with
    | [] -> None
    | sorted -> Some sorted[sorted.Length / 2]

let private work (fields: Map<string, string>) call =
    let epochs = Map.tryFind "record.method.epochs" fields |> Option.map float |> Option.defaultValue 1.0
    epochs * float (max 1 (images call))

/// Seconds that a training will take, by what its method took before.
let expected (earlier: Earlier list) (call: StageCall) =
    let now = fields call

    earlier
    |> List.filter (fun candidate -> method candidate.Fields = method now)
    |> List.map (fun candidate -> candidate.Seconds / work candidate.Fields candidate.Call)
    |> median
    |> Option.map (fun pace -> pace * work now call)

/// Seconds that the scoring of some images will take, by what it took before.
let expectedScoring (store: Store) =
    let pace =
        [ for stored in Store.entriesOf store Scoring.Name -> stored.Entry.Seconds / float (max 1 (images stored.Entry.Call)) ]
        |> median

    fun (call: StageCall) -> pace |> Option.map (fun pace -> pace * float (images call))
