// A method: how far each position of layer2 is from the mean of the good images there, over the deviation.
#load "../../experiments/falcon.fsx"

open System.Collections.Generic
open Falcon.Backbones
open Falcon.Experiments
open Falcon.Methods
open TorchSharp

type MeanDistance() =
    inherit FittedOptions()
    member val Floor = 0.1 with get, set
    override _.Name = "mean-distance"
    override _.DisplayName = "Mean distance"
    override _.Backbones = [| "resnet18"; "resnet34" |] :> IReadOnlyList<string>
    override _.ScoringNeeds = InputNeeds(false, [| BackboneTap.Layer2 |])

    override this.BuildNetwork(teacher, _) =
        { new FittedNetwork(this, teacher) with
            override _.Embed features = features[BackboneTap.Layer2]

            override _.Fit embeddings =
                [| struct ("mean", embeddings.mean ([| 0L |], true))
                   struct ("deviation", embeddings.std (0L, unbiased = false, keepdim = true) + this.Floor) |]

            override network.Distances embedding =
                ((embedding - network.Fitted "mean") / network.Fitted "deviation").square().mean([| 1L |]).sqrt() }
        :> AnomalyNetwork
