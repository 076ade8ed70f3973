namespace Falcon.Experiments

open System
open Falcon
open Falcon.Methods

module Method =
    [<Literal>]
    let private LongestName = 60

    let named (name: string) (method: #MethodOptions) =
        let fault =
            if not (Seq.exists Char.IsLetterOrDigit name) || Seq.exists Char.IsControl name then
                Some "has no letter or digit, or control characters"
            elif name.Length > LongestName then
                Some $"has {name.Length} characters"
            else
                None

        match fault with
        | Some fault ->
            raise (InvalidInputException(fault, $"name '{name}' of {method.DisplayName}", $"Name it in at most {LongestName} characters."))
        | None -> method.Named(name.Trim())

    // A cell that is not changed is given back itself: that is how a sweep sees that nothing was found to change.
    let map (change: 'Options -> 'Options) (cell: Cell) =
        match cell.Method with
        | :? 'Options as options -> { cell with Method = (change options :> MethodOptions) }
        | _ -> cell
