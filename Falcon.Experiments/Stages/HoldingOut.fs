/// Scores of a cell's training images by models that have not seen them.
module internal Falcon.Experiments.Stages.HoldingOut

open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Weights

[<Literal>]
let Name = "hold-out"

let private version = 4

[<Literal>]
let private Scores = "scores"

[<Literal>]
let private Models = "models"

/// Scores of training images, and how many models gave them whose scores have different levels.
type HeldOut = { Scores: float list; Models: int }

/// What the scores need beside the images: a foundation that is not learnt from them, and the final model where scores are on its scale.
type Given = { Foundation: Training.Trained option; Model: Training.Trained option }

let private hold
    (plan: CalibrationPlan)
    (method: MethodOptions)
    (seed: int)
    (reducer: ImageScoreReducer)
    (circumstances: Training.Circumstances)
    (images: StoredImage list, given: Given)
    (workspace: Workspace)
    =
    let teacher = circumstances.Teacher.Load()
    let photos = [| for image in images -> image.Item |]

    let load (trained: Training.Trained) = Detector.Load(trained.Model, teacher)
    let seed = MasterSeed(int64 seed)

    let folds () =
        use foundation: Detector | null =
            match given.Foundation with
            | Some foundation -> load foundation
            | None -> null

        HeldOutCalibration.Run(
            plan,
            method,
            teacher,
            photos,
            seed,
            StoredInputs images,
            circumstances.Progress,
            workspace.Cancellation,
            foundation,
            reducer
        )

    let heldOut: HeldOutScores =
        match given.Model with
        | None -> folds().Scores
        | Some final when plan.Trainings = 0 ->
            use model = load final
            HeldOutCalibration.OfKnown(plan.Way, model, photos, seed, StoredInputs images, reducer, workspace.Cancellation)
        | Some final ->
            let folds = folds ()
            use model = load final
            folds.OnScaleOf(model, workspace.Cancellation)

    let tensors =
        [ StoredTensor.Of(Scores, Array.ofSeq heldOut.Scores, int64 heldOut.Scores.Count)
          StoredTensor.Of(Models, [| float heldOut.Models |], 1L) ]

    [ Scores, TensorFile.output workspace tensors ]

/// The stage: from the training images to their held-out scores.
let stage
    (plan: CalibrationPlan)
    (method: MethodOptions)
    (seed: int)
    (threads: int)
    reducer
    circumstances
    : Stage<StoredImage list * Given, HeldOut> =
    let record = Training.record method seed threads

    let further =
        [ "way", Canonical.ofText (string plan.Way)
          "trainings", Canonical.ofValue plan.Trainings
          "imageScore", Canonical.ofText (string reducer) ]

    { Name = Name
      Version = version
      Libraries = [ Libraries.engine; Libraries.decoder ]
      Record = (record, further) ||> List.fold (fun record (name, value) -> Canonical.withMember name value record)
      Work = Work.Alone(hold plan method seed reducer circumstances)
      Read =
        fun result ->
            TensorFile.read result.Outputs[Scores].Path (fun file ->
                { Scores = List.ofArray (file.Doubles Scores); Models = file.Doubles Models |> Array.head |> int }) }
