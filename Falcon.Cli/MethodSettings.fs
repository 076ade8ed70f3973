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

/// Options with these assignments ("noiseWeight=4").
let apply (options: 'Options :> MethodOptions) (assignments: string list) : 'Options =
    let options, findings =
        ((options :> MethodOptions, []), assignments)
        ||> List.fold (fun (options, findings) assignment ->
            match set options assignment with
            | Ok changed -> changed, findings
            | Error finding -> options, findings @ [ finding ])

    match findings @ List.ofSeq (options.Check()) with
    | [] -> options :?> 'Options
    | findings -> raise (InvalidInputException(Array.ofList findings))

/// The named method, after a change of its published settings, with these assignments and, if given, this number of epochs.
let resolveAfter (change: MethodOptions -> MethodOptions) name (epochs: int option) (assignments: string list) =
    apply (change (published name)) (assignments @ (epochs |> Option.map (fun count -> $"epochs={count}") |> Option.toList))

/// As above, of the published settings as they are.
let resolve name epochs assignments = resolveAfter id name epochs assignments
