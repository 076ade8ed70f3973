/// Methods by name, with options set by name: the names are those of the options record's JSON.
module Falcon.Cli.MethodSettings

open Falcon
open Falcon.Experiments
open Falcon.Methods

/// The published settings of a method.
let published name =
    let names = [ for known in MethodCatalog.All -> known.Name ]

    if List.contains name names then
        MethodCatalog.Find name
    else
        raise (InvalidInputException("there is no such method", $"--method {name}", NearestName.suggestion names name))

/// The options with one of them set, or what is wrong.
let private set (options: MethodOptions) (assignment: string) =
    match assignment.Split('=', 2) with
    | [| given; text |] -> MethodAssignment.set options $"--set {assignment}" given text
    | _ -> Error(Finding("this is no assignment", $"--set {assignment}", "Write it as NAME=VALUE."))

/// Options with these assignments ("noiseWeight=4") and after a further change, checked.
let private applyThen (change: MethodOptions -> MethodOptions) (options: 'Options :> MethodOptions) (assignments: string list) : 'Options =
    let options, findings =
        ((options :> MethodOptions, []), assignments)
        ||> List.fold (fun (options, findings) assignment ->
            match set options assignment with
            | Ok changed -> changed, findings
            | Error finding -> options, findings @ [ finding ])

    let options = if findings.IsEmpty then change options else options

    match findings @ List.ofSeq (options.Check()) with
    | [] -> options :?> 'Options
    | findings -> raise (InvalidInputException(Array.ofList findings))

/// Options with these assignments ("noiseWeight=4").
let apply (options: 'Options :> MethodOptions) (assignments: string list) : 'Options = applyThen id options assignments

/// The named method with these assignments and, if given, this number of epochs, after a further change.
let resolveThen (change: MethodOptions -> MethodOptions) name (epochs: int option) (assignments: string list) =
    applyThen change (published name) (assignments @ (epochs |> Option.map (fun count -> $"epochs={count}") |> Option.toList))

/// As above, without a change.
let resolve name epochs assignments = resolveThen id name epochs assignments
