namespace Falcon.Experiments

open Falcon.Methods

module Method =
    let falcon (options: FalconOptions) : MethodOptions = options

    let mapFalcon (change: FalconOptions -> FalconOptions) (cell: Cell) =
        match cell.Method with
        | :? FalconOptions as options -> { cell with Method = falcon (change options) }
        | _ -> cell
