namespace Falcon.Experiments

open Falcon.Methods

/// The methods of studies.
module Method =
    /// The same options under a name of the study's own, for rows, legends and ids. Results do not depend on it: renaming computes nothing anew. Raises
    /// `InvalidInputException` for a name without letters or digits, or of more than 60 characters.
    ///
    ///     methods [ Method.named "Ours" (FalconOptions(NoiseWeight = 4.0)); PatchCoreOptions() ]
    val named: name: string -> method: #MethodOptions -> MethodOptions

    /// The same cell with other options if its method takes options of this type, for axes of a sweep. A sweep says so when an axis finds no cell to change.
    ///
    ///     cell |> Method.map (fun (options: FalconOptions) -> FalconOptions(options, NoiseWeight = 4.0))
    val map: change: ('Options -> 'Options) -> cell: Cell -> Cell when 'Options :> MethodOptions
