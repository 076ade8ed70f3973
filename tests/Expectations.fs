/// What Expecto's own expectations lack.
[<AutoOpen>]
module Falcon.Tests.Expectations

open Expecto

/// Accuracy as the largest difference, whatever the size of the numbers.
let within (difference: float) : Accuracy<float, float> = { absolute = difference; relative = 0.0 }

/// The exception of this kind, or a more special one, that an action ends with.
let raised<'error when 'error :> exn> (action: unit -> unit) : 'error =
    let found =
        try
            action ()
            None
        with error ->
            Some error

    match found with
    | Some(:? 'error as error) -> error
    | Some other -> failtest $"The action should have raised {typeof<'error>.Name} and raised\n{other}"
    | None -> failtest $"The action should have raised {typeof<'error>.Name} and raised nothing."

module Expect =
    /// Expects low <= actual <= high.
    let isBetween (actual: 'value) (low: 'value) (high: 'value) (message: string) =
        if not (low <= actual && actual <= high) then
            failtest $"{message}.\nexpected: from {low} to {high}\n  actual: {actual}"
