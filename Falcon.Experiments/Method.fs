namespace Falcon.Experiments

open Falcon.Methods

module Method =
    // A cell that is not changed is given back itself: that is how a sweep sees that nothing was found to change.
    let map (change: 'Options -> 'Options) (cell: Cell) =
        match cell.Method with
        | :? 'Options as options -> { cell with Method = (change options :> MethodOptions) }
        | _ -> cell
