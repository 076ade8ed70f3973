/// Code of a study's own: what it throws says whose it is.
module internal Falcon.Experiments.StudyPart

open System
open Falcon

/// Runs it; an error that is not a finding gets the part's name in front.
let run (part: string) (action: unit -> 'Result) : 'Result =
    try
        action ()
    with
    | :? InvalidInputException
    | :? OperationCanceledException -> reraise ()
    | error -> raise (Exception($"{part}: {error.Message}", error))

/// As `run`, before any work: every error becomes a finding.
let check (part: string) (action: unit -> 'Result) : Result<'Result, Finding list> =
    try
        Ok(action ())
    with
    | :? InvalidInputException as error -> Error(List.ofSeq error.Findings)
    | :? OperationCanceledException -> reraise ()
    | error -> Error [ Finding($"fails: {error.Message}", part, "Mend it, if it is yours.") ]
