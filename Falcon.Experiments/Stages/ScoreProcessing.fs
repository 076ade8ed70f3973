/// What a study computes of its own between scoring and metrics.
module internal Falcon.Experiments.Stages.ScoreProcessing

open Falcon
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Weights

/// From maps and scores to others of the same images.
let stage (stage: ScoreStage) (images: string list) : Stage<Scoring.Scored, Scoring.Scored> =
    let apply (scored: Scoring.Scored) workspace =
        let before =
            TensorFile.read scored.Maps (fun maps ->
                [ for name, score in Seq.zip images (Scoring.scores scored) -> { Name = name; Score = score; Map = Scoring.map maps name } ])

        let after = StudyPart.run $"score stage {stage.Name}" (fun () -> stage.Apply before)

        if [ for image in after -> image.Name ] <> images then
            raise (
                InvalidInputException(
                    "does not give the images that it got, in their order",
                    $"score stage {stage.Name}",
                    "Change scores and maps only: List.map."
                )
            )

        Scoring.output $"score stage {stage.Name}" workspace after

    { Name = stage.Name
      Version = stage.Version
      Libraries = [ Libraries.engine ]
      Record = Canonical.ofMembers [ "options", stage.Options ]
      Work = Work.Alone apply
      Read = Scoring.read }
