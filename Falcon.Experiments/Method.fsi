namespace Falcon.Experiments

open Falcon.Methods

/// The methods of cells.
module Method =
    /// The same cell with other options if its method takes options of this type, for axes of a sweep:
    /// `fun w -> Method.map (fun (o: FalconOptions) -> FalconOptions(o, NoiseWeight = w))`. A sweep says so when an axis finds no cell to change.
    val map: change: ('Options -> 'Options) -> cell: Cell -> Cell when 'Options :> MethodOptions
