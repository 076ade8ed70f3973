// A stage between teacher and method, and one between scores and metrics.
#load "../../experiments/falcon.fsx"

open Falcon.Detection
open Falcon.Experiments
open TorchSharp

/// Each channel with mean 0 and variance 1 over the training images.
let standardised =
    FeatureStage.create
        "standardised"
        1
        {| Floor = 1e-3 |}
        (fun options _ features ->
            let channels = features.transpose(0, 1).flatten 1
            let column (values: torch.Tensor) = values.reshape (1L, -1L, 1L, 1L)
            [ "mean", column (channels.mean [| 1L |]); "deviation", column (channels.std 1L) + options.Floor ])
        (fun _ _ fitted features -> (features - fitted "mean") / fitted "deviation")

/// The score is how far the largest value of the map stands out from the map's mean.
let contrast =
    let stands (image: ScoredImage) = float (image.Map.Maximum - Array.average image.Map.Values)
    ScoreStage.create "contrast" 1 () (fun () -> List.map (fun image -> { image with Score = stands image }))
