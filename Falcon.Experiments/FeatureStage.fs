namespace Falcon.Experiments

open Falcon.Backbones
open Falcon.Experiments.Store
open TorchSharp

[<Sealed>]
type FeatureStage(name: string, version: int, options: Canonical, fit, apply) =
    member _.Name = name
    member _.Version = version
    member _.Options = options
    member _.Fit: (BackboneTap -> torch.Tensor -> (string * torch.Tensor) list) = fit
    member _.Apply: (BackboneTap -> (string -> torch.Tensor) -> torch.Tensor -> torch.Tensor) = apply
    member private _.Identity = name, version, options.Text
    override _.ToString() = name
    override this.GetHashCode() = hash this.Identity

    override this.Equals other =
        match other with
        | :? FeatureStage as other -> other.Identity = this.Identity
        | _ -> false

module FeatureStage =
    let create name version (options: 'Options) fit apply =
        FeatureStage(StageName.check "a feature stage" name, version, Canonical.ofValue options, fit options, apply options)
