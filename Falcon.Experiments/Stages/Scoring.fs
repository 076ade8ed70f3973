/// Anomaly maps and image scores of test images.
module internal Falcon.Experiments.Stages.Scoring

open System.Threading
open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Protocol
open Falcon.Results
open Falcon.Weights

[<Literal>]
let Name = "score"

let private version = 1

[<Literal>]
let private Scores = "scores"

/// The maps by the names of their images, and the scores in the order of the images.
type Scored = { Maps: string; Scores: string; Seconds: float }

/// The contents of a result.
let output workspace (images: ScoredImage list) =
    let map (image: ScoredImage) = StoredTensor.Of(image.Name, image.Map.Values, int64 image.Map.Height, int64 image.Map.Width)

    [ "maps", TensorFile.output workspace (List.map map images)
      Scores, TensorFile.output workspace [ StoredTensor.Of(Scores, [| for image in images -> image.Score |], int64 images.Length) ] ]

/// The value in a result.
let read (result: StageResult) =
    { Maps = result.Outputs["maps"].Path; Scores = result.Outputs[Scores].Path; Seconds = result.Seconds }

let private score
    (reducer: ImageScoreReducer)
    (teacher: StudyTeacher)
    (told: int -> unit)
    (trained: Training.Trained, images: StoredImage list)
    (workspace: Workspace)
    =
    use detector = Detector.Load(trained.Model, teacher.Load())

    let predictions =
        detector.Predict([| for image in images -> image.Item |], StoredInputs images, workspace.Cancellation, reducer)
        |> Seq.mapi (fun index prediction ->
            told (index + 1)
            prediction)
        |> Array.ofSeq

    output
        workspace
        [ for prediction in predictions -> { Name = prediction.Item.RelativeName; Score = prediction.Score; Map = prediction.Map } ]

/// The stage: from a trained detector and the test images to their maps, each of the whole image, and scores.
let stage (threads: int) (reducer: ImageScoreReducer) teacher told : Stage<Training.Trained * StoredImage list, Scored> =
    { Name = Name
      Version = version
      Libraries = [ Libraries.engine ]
      Record = Canonical.ofValue {| Threads = threads; ImageScore = string reducer |}
      Work = Work.Alone(score reducer teacher told)
      Read = read }

/// The scores in the order of the images.
let scores (scored: Scored) = TensorFile.read scored.Scores _.Doubles(Scores)
