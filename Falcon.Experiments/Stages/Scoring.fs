/// Anomaly maps and image scores of test images.
module internal Falcon.Experiments.Stages.Scoring

open System.Threading
open Falcon.Detection
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

    let map (prediction: Prediction) =
        StoredTensor.Of(prediction.Item.RelativeName, prediction.Map.Values, int64 prediction.Map.Height, int64 prediction.Map.Width)

    [ "maps", TensorFile.output workspace (Array.map map predictions)
      Scores,
      TensorFile.output
          workspace
          [ StoredTensor.Of(Scores, [| for prediction in predictions -> prediction.Score |], int64 predictions.Length) ] ]

/// The stage: from a trained detector and the test images to their maps, each of the whole image, and scores.
let stage (threads: int) (reducer: ImageScoreReducer) teacher told : Stage<Training.Trained * StoredImage list, Scored> =
    { Name = Name
      Version = version
      Libraries = [ Libraries.engine ]
      Record = Canonical.ofValue {| Threads = threads; ImageScore = string reducer |}
      Work = Work.Alone(score reducer teacher told)
      Read = fun result -> { Maps = result.Outputs["maps"].Path; Scores = result.Outputs[Scores].Path; Seconds = result.Seconds } }

/// The scores in the order of the images.
let scores (scored: Scored) = TensorFile.read scored.Scores _.Doubles(Scores)
