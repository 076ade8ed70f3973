/// What trainings a store knows, and how another one differs from them.
module internal Falcon.Experiments.EarlierCells

open System
open System.Collections.Concurrent
open System.Collections.Generic
open Falcon.Experiments.Stages
open Falcon.Experiments.Store

/// A training that has been done.
type Earlier =
    {
        Key: Key
        Call: StageCall
        Seconds: float
        Fields: (string * string) list
        /// Epochs × images.
        Work: float
    }

/// Trainings of equal options, which differ in seeds and images.
type private Variant =
    {
        Options: (string * string) list
        /// The latest used one, by seed and images, by images, by seed, and of all.
        Latest: IReadOnlyDictionary<string option * string option, Earlier>
    }

let private seedField = "training.seed"

let private fieldOf name (fields: (string * string) list) =
    fields |> List.tryPick (fun (field, value) -> if field = name then Some value else None)

let private isOption (name, _) = name <> seedField && name <> TrainingFields.Images

/// By recipe: the other kind of entry names its inputs by content.
let private isRecipe (call: StageCall) = call.Inputs.Values |> Seq.exists (fun input -> input.IsResultOf)

let private method fields = TrainingFields.tryOption "method.method" fields

let private work fields call =
    let epochs = TrainingFields.tryOption "method.epochs" fields |> Option.map float |> Option.defaultValue 1.0
    epochs * float (max 1 (TrainingFields.images call))

let private earlierOf (entry: Entry) : Earlier =
    let call = entry.Call
    let fields = TrainingFields.ofCall call
    { Key = entry.Key; Call = call; Seconds = entry.Seconds; Fields = fields; Work = work fields call }

/// The trainings that a store has, in groups by what few of them differ in: a large store has tens of thousands, and a plan compares each of its cells.
type Trainings(store: Store, all: Earlier list) =
    let byKey = Dictionary [ for training in all -> KeyValuePair(training.Key, training) ]
    let fields = ConcurrentDictionary<Key, (string * string) list>()

    let byMethod =
        dict
            [ for method, trainings in all |> List.groupBy (fun training -> method training.Fields) ->
                  let variants =
                      [ for options, same in trainings |> List.groupBy (fun training -> List.filter isOption training.Fields) ->
                            let latest = Dictionary()

                            for training in same do
                                let seed, images = fieldOf seedField training.Fields, fieldOf TrainingFields.Images training.Fields

                                for place in [ seed, images; None, images; seed, None; None, None ] do
                                    latest.TryAdd(place, training) |> ignore

                            { Options = options; Latest = latest } ]

                  defaultArg method "", (trainings, variants) ]

    let distances = ConcurrentDictionary<string, (int * Variant) list>()
    let times = ConcurrentDictionary<string, float option>()

    let ofMethod fields =
        match byMethod.TryGetValue(defaultArg (method fields) "") with
        | true, known -> known
        | false, _ -> [], []

    member _.TryFind key =
        match byKey.TryGetValue key with
        | true, training -> Some training
        | false, _ -> ActionCache.tryRead store.Folder Training.Name key |> Result.toOption |> Option.map earlierOf

    /// What determines a training, field by field.
    member _.Fields(call: StageCall) = fields.GetOrAdd(call.Key, (fun _ -> TrainingFields.ofCall call))

    /// Those of a method.
    member _.OfMethod fields : Earlier list = fst (ofMethod fields)

    /// The training that differs in the fewest fields from one of these fields.
    member _.TryNearest(fields: (string * string) list) : Earlier option =
        let options = List.filter isOption fields
        let text = String.Join('\n', [ for name, value in options -> $"{name}={value}" ])

        let known =
            distances.GetOrAdd(
                text,
                fun _ -> [ for variant in snd (ofMethod fields) -> (TrainingFields.differing variant.Options options).Length, variant ]
            )

        let seed, images = fieldOf seedField fields, fieldOf TrainingFields.Images fields

        let nearest (count, variant: Variant) =
            [ 0, (seed, images); 1, (None, images); 1, (seed, None); 2, (None, None) ]
            |> List.pick (fun (more, place) ->
                match variant.Latest.TryGetValue place with
                | true, training -> Some(count + more, training)
                | false, _ -> None)

        match known with
        | [] -> None
        | known -> known |> List.map nearest |> List.minBy fst |> snd |> Some

    /// What is estimated for a kind of training, once.
    member _.Time(kind: string, estimate: unit -> float option) = times.GetOrAdd(kind, (fun _ -> estimate ()))

/// Of a stage's results, so many that were used last say what others will take, and how they differ: what a plan reads is the same in a store of any size.
[<Literal>]
let private Latest = 4000

/// Of scorings and measurements only the time is asked for.
[<Literal>]
let private LatestTimes = 1000

/// What is chosen of the results of a stage by recipe, the latest used ones first.
let private chosen (store: Store) stage latest (choice: Entry -> StageCall -> 'Choice) =
    ActionCache.choose store.Folder stage latest (fun entry _ ->
        let call = entry.Call
        if isRecipe call then Some(choice entry call) else None)

let all (store: Store) : Trainings = Trainings(store, chosen store Training.Name Latest (fun entry _ -> earlierOf entry))

/// The keys of trainings whose cells had a name, the latest first.
let trainingOf (store: Store) : Map<string, Key> =
    ActionCache.choose store.Folder Recording.Name Int32.MaxValue (fun entry _ ->
        let call = entry.Call

        match Map.tryFind "training" call.Inputs with
        | Some(ResultOf training) -> Some(entry.Created, (Recording.idOf call, training))
        | Some(Content _)
        | None -> None)
    |> List.sortBy fst
    |> List.map snd
    |> Map

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

let private recipes (store: Store) name = chosen store name Latest (fun _ call -> call)

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
let nearest (earlier: Trainings) (call: StageCall) =
    let now = earlier.Fields call
    earlier.TryNearest now |> Option.map (fun candidate -> described false candidate call now)

let private median (values: float list) =
    match List.sort values with
    | [] -> None
    | sorted -> Some sorted[sorted.Length / 2]

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
let expected (earlier: Trainings) (call: StageCall) =
    let now = earlier.Fields call

    let size fields =
        TrainingFields.tryOption "method.inputSize" fields, TrainingFields.tryOption "method.backbone" fields

    let amount = work now call

    let estimate () =
        let ofMethod = earlier.OfMethod now

        let nearest =
            match ofMethod |> List.filter (fun candidate -> size candidate.Fields = size now) with
            | [] -> ofMethod
            | same -> same

        along [ for candidate in nearest -> candidate.Work, candidate.Seconds ] amount

    earlier.Time($"{method now} {size now} {amount}", estimate)

/// Seconds that the scoring of some images will take, by what it took before.
let expectedScoring (store: Store) =
    let known =
        chosen store Scoring.Name LatestTimes (fun entry call -> float (max 1 (TrainingFields.images call)), entry.Seconds)

    // A study scores again and again as many images.
    let expected = ConcurrentDictionary<float, float option>()
    fun (call: StageCall) -> expected.GetOrAdd(float (max 1 (TrainingFields.images call)), along known)

/// Seconds that a metric will take, by what it took before.
let expectedMeasuring (store: Store) =
    let known =
        Map
            [ for name, took in
                  chosen store Measuring.Name LatestTimes (fun entry call -> Measuring.nameOf call, entry.Seconds)
                  |> List.groupBy fst do
                  match median (List.map snd took) with
                  | Some seconds -> name, seconds
                  | None -> () ]

    fun (call: StageCall) -> Map.tryFind (Measuring.nameOf call) known
