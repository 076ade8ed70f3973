/// A method trained on a few images.
module internal Falcon.Experiments.Stages.Training

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Diagnostics
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Randomness
open Falcon.Results
open Falcon.Training
open Falcon.Weights
open TorchSharp

[<Literal>]
let Name = "train"

let private version = 1

/// A trained detector without its teacher.
type Trained = { Model: string; Notes: string; Seconds: float }

/// What a training says of itself.
type Notes =
    {
        Provenance: Provenance
        /// The part of the time before the first step.
        PrepareSeconds: float
    }

/// What does not change the weights.
type Circumstances = { CheckpointInterval: TimeSpan; Teacher: StudyTeacher; Progress: IProgress<TrainingProgress> }

/// What a model's card says of its images; the names of data sets change no weight, so a model is labelled when it leaves the store.
let private unlabelled = DetectorSource("", "", "")

let private write (workspace: Workspace) (detector: Detector) (notes: Notes) =
    let path = Path.Combine(workspace.Folder, "model")
    detector.SaveTrained path
    let json = JsonObject()
    json.Add("provenance", JsonSerializer.SerializeToNode notes.Provenance)
    json.Add("prepareSeconds", JsonValue.Create notes.PrepareSeconds)
    [ "model", Output.File path; Pipeline.notes, Output.Bytes(JsonSerializer.SerializeToUtf8Bytes json) ]

/// Trains with a checkpoint, and keeps what it gives with its circumstances.
let private learn
    (seed: int)
    (circumstances: Circumstances)
    (workspace: Workspace)
    (training: Teacher -> TrainingCheckpoint -> IProgress<TrainingProgress> -> Detector)
    =
    let recorder = ProvenanceRecorder()
    let started = Stopwatch.GetTimestamp()
    let prepared = ref None

    // The first report comes before the first step.
    let told =
        { new IProgress<TrainingProgress> with
            member _.Report progress =
                if prepared.Value.IsNone then
                    prepared.Value <- Some (Stopwatch.GetElapsedTime started).TotalSeconds

                circumstances.Progress.Report progress }

    let teacher = circumstances.Teacher.Load()
    let checkpoint = TrainingCheckpoint(workspace.Checkpoints, circumstances.CheckpointInterval)
    use detector = training teacher checkpoint told
    workspace.Earlier <- checkpoint.Earlier.TotalSeconds

    // The digest of the data is known to the cell alone: it includes what is tested on.
    let provenance = recorder.Record(teacher.Device, Dictionary(dict [ "master", int64 seed ]), "", circumstances.Teacher.Name)
    write workspace detector { Provenance = provenance; PrepareSeconds = Option.defaultValue 0.0 prepared.Value }

let private train
    (method: MethodOptions)
    (seed: int)
    (circumstances: Circumstances)
    (images: StoredImage list, ground: Trained option)
    (workspace: Workspace)
    =
    learn seed circumstances workspace (fun teacher checkpoint told ->
        use foundation: Detector | null =
            match ground with
            | Some trained -> Detector.Load(trained.Model, teacher)
            | None -> null

        Detector.Train(
            method,
            teacher,
            [| for image in images -> image.Item |],
            MasterSeed(int64 seed),
            unlabelled,
            StoredInputs images,
            checkpoint,
            told,
            workspace.Cancellation,
            foundation
        ))

let private trainOnDefects
    (method: MethodOptions)
    (set: AuxiliarySet)
    (seed: int)
    (circumstances: Circumstances)
    (images: StoredImage list)
    (workspace: Workspace)
    =
    learn seed circumstances workspace (fun teacher checkpoint told ->
        Detector.TrainOnDefects(
            method,
            teacher,
            set,
            MasterSeed(int64 seed),
            StoredInputs images,
            checkpoint,
            told,
            workspace.Cancellation
        ))

/// Thousands of cells share the options of a method.
let private methodTexts = Runtime.CompilerServices.ConditionalWeakTable<MethodOptions, string>()

/// What changes the weights of a method. Gradients are summed over threads, so their number is part of it.
let record (method: MethodOptions) (seed: int) (threads: int) =
    Canonical.ofMembers
        [ "method", Canonical.ofSpelt (methodTexts.GetValue(method, (fun method -> (Canonical.ofNode (MethodJson.Write method)).Text)))
          if method.Version <> 1 then "methodVersion", Canonical.ofValue method.Version
          "seed", Canonical.ofValue seed
          "threads", Canonical.ofValue threads ]

let private staged (method: MethodOptions) seed threads work : Stage<'Input, Trained> =
    { Name = Name
      Version = version
      Libraries =
        [ Libraries.engine
          if not (isNull method.FurtherImages) || method.LearnsFromDefects then
              Libraries.decoder ]
      Record = record method seed threads
      Work = work
      Read =
        fun result ->
            { Model = result.Outputs["model"].Path
              Notes = result.Outputs[Pipeline.notes].Path
              Seconds = result.Seconds } }

/// The stage: from the training images, in the order of their selection, and what the method builds on, to the trained detector.
let stage (method: MethodOptions) (seed: int) (threads: int) circumstances : Stage<StoredImage list * Trained option, Trained> =
    staged method seed threads (Work.Alone(train method seed circumstances))

/// The stage of a method that learns from defects: from the images of an auxiliary data set to what others build on.
let ofDefects (method: MethodOptions) (set: AuxiliarySet) (seed: int) (threads: int) circumstances : Stage<StoredImage list, Trained> =
    staged method seed threads (Work.Alone(trainOnDefects method set seed circumstances))

/// The mean losses of each epoch, by name, from the card of a trained model.
let losses (model: string) : LossCurve array =
    use file = SafetensorsFile.Open model
    use card = JsonDocument.Parse file.Metadata["card"]

    let epochs =
        [ for epoch in card.RootElement.GetProperty("epochs").EnumerateArray() ->
              [ for loss in epoch.EnumerateObject() -> loss.Name, loss.Value.GetDouble() ] ]

    [| for name in epochs |> List.collect (List.map fst) |> List.distinct ->
           LossCurve(name, [| for epoch in epochs -> epoch |> List.pick (fun (loss, value) -> if loss = name then Some value else None) |]) |]

/// What a training says of itself.
let notes (trained: Trained) : Notes =
    let json = nonNull(JsonNode.Parse(File.ReadAllText trained.Notes)).AsObject()

    { Provenance = nonNull (JsonSerializer.Deserialize<Provenance> json["provenance"])
      PrepareSeconds = (nonNull json["prepareSeconds"]).GetValue<float>() }

/// The method of a training.
let methodOf (call: StageCall) : MethodOptions =
    use record = JsonDocument.Parse call.Record.Text
    MethodJson.Read(record.RootElement.GetProperty "method")
