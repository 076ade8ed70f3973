namespace Falcon.Experiments

open Falcon.Methods

/// The methods of a study.
module Method =
    /// FALCON with these options.
    val falcon: options: FalconOptions -> MethodOptions

    /// The same cell with other options if its method is FALCON, for axes of a sweep: `fun w -> Method.mapFalcon (fun o -> o.With(NoiseWeight = w))`.
    val mapFalcon: change: (FalconOptions -> FalconOptions) -> cell: Cell -> Cell
