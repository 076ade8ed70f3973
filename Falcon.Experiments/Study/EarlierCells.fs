/// What trainings a store knows, and how another one differs from them.
module internal Falcon.Experiments.EarlierCells

open System.Collections.Concurrent
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

/// In words; `isSameCell` where the two should have read the same images, so that those which differ are named.
let private described isSameCell (earlier: Earlier) call now =
    [ for name, first, second in TrainingFields.differing earlier.Fields now do
          let images =
              if name = TrainingFields.Images then
                  TrainingFields.imageDifference earlier.Call call
              else
                  TrainingFields.imageDifference call call

          // Other shots are others altogether.
          let isTold = isSameCell || images.Gone.IsEmpty && images.New.IsEmpty

          match if isTold then TrainingFields.describeImages images else [] with
          | [] -> TrainingFields.describe (name, first, second)
          | told -> yield! told ]

/// How a training differs from an earlier one of the same cell, in words.
let differences (earlier: Earlier) (call: StageCall) = described true earlier call (TrainingFields.ofCall call)

let private recipes (store: Store) name =
    [ for stored in Store.entriesOf store name do
          if isRecipe stored.Entry.Call then stored.Entry.Call ]

/// How the test images differ, in words, from those that the same weights scored before; none where the store remembers no such scoring.
let testImageDifferences (store: Store) =
    let model (call: StageCall) = Map.tryFind "model" call.Inputs
    let scored = lazy (recipes store Scoring.Name |> List.groupBy model |> Map)

    fun (call: StageCall) ->
        match
            [ for earlier in Map.tryFind (model call) scored.Value |> Option.defaultValue [] do
                  TrainingFields.imageDifference earlier call ]
            |> List.filter (fun difference -> difference.Count > 0)
        with
        | [] -> []
        | found -> found |> List.minBy _.Count |> TrainingFields.describeImages

/// What a metric's scores are compared with has changed since they were measured: "labels", "masks".
let changedTruth (store: Store) =
    let isTruth name = name = Measuring.Labels || name = Measuring.Masks
    let measured (call: StageCall) = Measuring.nameOf call, Map.filter (fun name _ -> not (isTruth name)) call.Inputs
    let known = lazy (recipes store Measuring.Name |> List.groupBy measured |> Map)

    fun (call: StageCall) ->
        let others = Map.tryFind (measured call) known.Value |> Option.defaultValue []

        [ for KeyValue(name, truth) in Map.filter (fun name _ -> isTruth name) call.Inputs do
              if others |> List.exists (fun other -> Map.tryFind name other.Inputs |> Option.exists ((<>) truth)) then
                  name ]

/// How a training differs from that of its method which it has most in common with; none when there is none.
let nearest (earlier: Earlier list) (call: StageCall) =
    let now = TrainingFields.ofCall call

    match earlier |> List.filter (fun candidate -> method candidate.Fields = method now) with
    | [] -> None
    | candidates -> candidates |> List.map (fun candidate -> described false candidate call now) |> List.minBy List.length |> Some

let private median (values: float list) =
    match List.sort values with
    | [] -> None
    | sorted -> Some sorted[sorted.Length / 2]

let private work fields call =
    let epochs = TrainingFields.tryOption "method.epochs" fields |> Option.map float |> Option.defaultValue 1.0
    epochs * float (max 1 (TrainingFields.images call))

/// Seconds that some work will take by what other amounts of it took: as long as equal amounts did, else along the line through them, which has a fixed part.
let private along (known: (float * float) list) (amount: float) =
    let equal =
        [ for other, seconds in known do
              if abs (other - amount) < 0.01 * amount then seconds ]

    match median equal, known with
    | Some seconds, _ -> Some seconds
    | None, [] -> None
    | None, known ->
        let mean project = List.averageBy project known
        let amounts, seconds = mean fst, mean snd
        let spread = known |> List.sumBy (fun (other, _) -> (other - amounts) ** 2.0)

        let slope =
            if spread > 0.0 then
                (known |> List.sumBy (fun (other, took) -> (other - amounts) * (took - seconds))) / spread
            else
                seconds / amounts
        // Neither work nor what is fixed takes less than nothing.
        let slope = slope |> max 0.0 |> min (seconds / amounts)
        Some(seconds + slope * (amount - amounts))

/// Seconds that a training will take, by what its method took before, at the same size of images where there is such a training.
let expected (earlier: Earlier list) (call: StageCall) =
    let now = TrainingFields.ofCall call

    let size fields =
        TrainingFields.tryOption "method.inputSize" fields, TrainingFields.tryOption "method.backbone" fields

    let ofMethod = earlier |> List.filter (fun candidate -> method candidate.Fields = method now)

    let nearest =
        match ofMethod |> List.filter (fun candidate -> size candidate.Fields = size now) with
        | [] -> ofMethod
        | same -> same

    along [ for candidate in nearest -> work candidate.Fields candidate.Call, candidate.Seconds ] (work now call)

/// Seconds that the scoring of some images will take, by what it took before.
let expectedScoring (store: Store) =
    let known =
        [ for stored in Store.entriesOf store Scoring.Name do
              if isRecipe stored.Entry.Call then
                  float (max 1 (TrainingFields.images stored.Entry.Call)), stored.Entry.Seconds ]

    // A study scores again and again as many images.
    let expected = ConcurrentDictionary<float, float option>()
    fun (call: StageCall) -> expected.GetOrAdd(float (max 1 (TrainingFields.images call)), along known)

/// Seconds that a metric will take, by what it took before.
let expectedMeasuring (store: Store) =
    let known =
        Map
            [ for name, took in
                  [ for stored in Store.entriesOf store Measuring.Name do
                        if isRecipe stored.Entry.Call then
                            Measuring.nameOf stored.Entry.Call, stored.Entry.Seconds ]
                  |> List.groupBy fst do
                  match median (List.map snd took) with
                  | Some seconds -> name, seconds
                  | None -> () ]

    fun (call: StageCall) -> Map.tryFind (Measuring.nameOf call) known
