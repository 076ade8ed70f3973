namespace Falcon.Experiments

open Falcon.Detection
open Falcon.Experiments.Store

type ScoredImage = { Name: string; Score: float; Map: AnomalyMap }

[<Sealed>]
type ScoreStage(name: string, version: int, options: Canonical, apply) =
    member _.Name = name
    member _.Version = version
    member _.Options = options
    member _.Apply: (ScoredImage list -> ScoredImage list) = apply
    member private _.Identity = name, version, options.Text
    override _.ToString() = name
    override this.GetHashCode() = hash this.Identity

    override this.Equals other =
        match other with
        | :? ScoreStage as other -> other.Identity = this.Identity
        | _ -> false

module ScoreStage =
    let create name version (options: 'Options) apply =
        ScoreStage(StageName.check "a score stage" name, version, Canonical.ofValue options, apply options)
