/// Anomaly maps and image scores of test images.
module internal Falcon.Experiments.Stages.Scoring

open System
open Falcon
open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Protocol
open Falcon.Results
open Falcon.Weights

[<Literal>]
let Name = "score"

let private version = 2

[<Literal>]
let private Scores = "scores"

/// The maps by the names of their images, and the scores in the order of the images.
type Scored = { Maps: string; Scores: string; Seconds: float }

/// The contents of a result.
let output (source: string) workspace (images: ScoredImage list) =
    for image in images do
        if not (Double.IsFinite image.Score) || image.Map.Values |> Array.exists (Single.IsFinite >> not) then
            raise (
                InvalidInputException(
                    $"gives {image.Name} a score or a map that is not finite",
                    source,
                    "Look for divisions by 0, or for a training that diverged: lower its learning rate."
                )
            )

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

    let reducer =
        match reducer with
        | :? ImageScoreReducer.Own -> reducer
        | _ ->
            { new ImageScoreReducer(string reducer) with
                override _.Of(values, width, height) = StudyPart.run $"image score {reducer}" (fun () -> reducer.Of(values, width, height))

                override _.Within(values, width, height, inside) =
                    StudyPart.run $"image score {reducer}" (fun () -> reducer.Within(values, width, height, inside)) }

    let predictions =
        detector.Predict([| for image in images -> image.Item |], StoredInputs images, workspace.Cancellation, reducer)
        |> Seq.mapi (fun index prediction ->
            told (index + 1)
            prediction)
        |> Array.ofSeq

    output
        $"{detector.Card.Method.DisplayName}, image score {reducer}"
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

/// The map of an image, as it was scored.
let map (maps: SafetensorsFile) name =
    let shape = maps.Entry(name).Shape
    AnomalyMap(maps.Floats name, int shape[1], int shape[0])

/// The scores in the order of the images.
let scores (scored: Scored) = TensorFile.read scored.Scores _.Doubles(Scores)
