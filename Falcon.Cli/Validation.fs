namespace Falcon.Cli

open Falcon

/// Independent checks of one input: their findings are gathered, so that the user sees all of them at once.
type ValidationBuilder() =
    member _.BindReturn(checkedValue: Result<'A, Finding list>, next: 'A -> 'B) = Result.map next checkedValue

    member _.MergeSources(first: Result<'A, Finding list>, second: Result<'B, Finding list>) =
        match first, second with
        | Ok a, Ok b -> Ok(a, b)
        | Error findings, Error others -> Error(findings @ others)
        | Error findings, _
        | _, Error findings -> Error findings

module Validation =
    let validation = ValidationBuilder()

    /// Turns invalid input into findings.
    let attempt (check: unit -> 'A) =
        try
            Ok(check ())
        with :? InvalidInputException as error ->
            Error(List.ofSeq error.Findings)

    /// The value; raises InvalidInputException with all findings if there are any.
    let require (checkedValue: Result<'A, Finding list>) =
        match checkedValue with
        | Ok value -> value
        | Error findings -> raise (InvalidInputException(Array.ofList findings))
