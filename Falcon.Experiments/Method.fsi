namespace Falcon.Experiments

open Falcon.Methods

/// The methods of cells.
module Method =
    /// The same cell with other options if its method takes options of this type, for axes of a sweep. A sweep says so when an axis finds no cell to change.
    ///
    ///     cell |> Method.map (fun (options: FalconOptions) -> FalconOptions(options, NoiseWeight = 4.0))
    val map: change: ('Options -> 'Options) -> cell: Cell -> Cell when 'Options :> MethodOptions
