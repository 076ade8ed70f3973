namespace Falcon.Experiments

open Falcon.Methods

/// The methods of a study.
module Method =
    /// FALCON with these options.
    val falcon: options: FalconOptions -> MethodOptions

    /// STPM with these options.
    val stpm: options: StpmOptions -> MethodOptions

    /// The same study with the options of each of its FALCON methods changed: `Method.mapFalcon (fun o -> o.With(Epochs = 5))`.
    val mapFalcon: change: (FalconOptions -> FalconOptions) -> experiment: Experiment -> Experiment
