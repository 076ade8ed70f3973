/// What trainings a store knows, and how another one differs from them.
module internal Falcon.Experiments.EarlierCells

open Falcon.Experiments.Stages
open Falcon.Experiments.Store

/// A training that has been done.
type Earlier = { Key: Key; Call: StageCall; Seconds: float; Fields: (string * string) list }

/// By recipe: the other kind of entry names its inputs by content.
let private isRecipe (call: StageCall) = call.Inputs.Values |> Seq.exists (fun input -> input.IsResultOf)

let all (store: Store) : Earlier list =
    [ for stored in Store.entriesOf store Training.Name do
          let call = stored.Entry.Call

          if isRecipe call then
              { Key = stored.Entry.Key; Call = call; Seconds = stored.Entry.Seconds; Fields = TrainingFields.ofCall call } ]

/// The keys of trainings whose cells had a name, the latest first.
let trainingOf (store: Store) : Map<string, Key> =
    [ for stored in Store.entriesOf store Recording.Name |> List.sortBy _.Entry.Created do
          match Map.tryFind "training" stored.Entry.Call.Inputs with
          | Some(ResultOf training) -> Recording.idOf stored.Entry.Call, training
          | Some(Content _)
          | None -> () ]
    |> Map

let private method fields = TrainingFields.tryOption "method.method" fields

let private described earlier now = TrainingFields.differing earlier now |> List.map TrainingFields.describe

/// How a training differs from one, in words.
let differences (earlier: Earlier) (call: StageCall) = described earlier.Fields (TrainingFields.ofCall call)

/// How a training differs from that of its method which it has most in common with; none when there is none.
let nearest (earlier: Earlier list) (call: StageCall) =
    let now = TrainingFields.ofCall call

    match earlier |> List.filter (fun candidate -> method candidate.Fields = method now) with
    | [] -> None
    | candidates -> candidates |> List.map (fun candidate -> described candidate.Fields now) |> List.minBy List.length |> Some

let private median (values: float list) =
    match List.sort values with
    | [] -> None
    | sorted -> Some sorted[sorted.Length / 2]

let private work fields call =
    let epochs = TrainingFields.tryOption "method.epochs" fields |> Option.map float |> Option.defaultValue 1.0
    epochs * float (max 1 (TrainingFields.images call))

/// Seconds that a training will take, by what its method took before.
let expected (earlier: Earlier list) (call: StageCall) =
    let now = TrainingFields.ofCall call

    earlier
    |> List.filter (fun candidate -> method candidate.Fields = method now)
    |> List.map (fun candidate -> candidate.Seconds / work candidate.Fields candidate.Call)
    |> median
    |> Option.map (fun pace -> pace * work now call)

/// Seconds that the scoring of some images will take, by what it took before.
let expectedScoring (store: Store) =
    let pace =
        [ for stored in Store.entriesOf store Scoring.Name -> stored.Entry.Seconds / float (max 1 (TrainingFields.images stored.Entry.Call)) ]
        |> median

    fun (call: StageCall) -> pace |> Option.map (fun pace -> pace * float (TrainingFields.images call))
