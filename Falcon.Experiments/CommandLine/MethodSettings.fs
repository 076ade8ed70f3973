/// Methods by name, with options set by name: the names are those of the options record's JSON.
module Falcon.Experiments.MethodSettings

open Falcon
open Falcon.Methods

/// One option as it was asked for: what the user wrote, the option's name, and its value as JSON or text.
type Assignment = { Where: string; Name: string; Value: string }

/// The published settings of a method. `where` is what the user wrote.
///
///     MethodSettings.find "--method stpm" "stpm"
let find (where: string) name =
    let names = [ for known in MethodCatalog.All -> known.Name ]

    if List.contains name names then
        MethodCatalog.Find name
    else
        raise (InvalidInputException("there is no such method", where, NearestName.suggestion names name))

/// The published settings of the method that --method names.
///
///     MethodSettings.published "stpm"
let published name = find $"--method {name}" name

/// Options with these assignments and after a further change, checked: everything that is wrong with them is raised at once.
///
///     MethodSettings.assign id (StpmOptions()) [ { Where = "epochs"; Name = "epochs"; Value = "20" } ]
let assign (change: MethodOptions -> MethodOptions) (options: MethodOptions) (assignments: Result<Assignment, Finding> seq) =
    let options, findings =
        ((options, []), assignments)
        ||> Seq.fold (fun (options, findings) assignment ->
            match assignment |> Result.bind (fun asked -> MethodAssignment.set options asked.Where asked.Name asked.Value) with
            | Ok changed -> changed, findings
            | Error finding -> options, findings @ [ finding ])

    let options = if findings.IsEmpty then change options else options

    match findings @ List.ofSeq (options.Check()) with
    | [] -> options
    | findings -> raise (InvalidInputException(Array.ofList findings))

let private read (assignment: string) =
    match assignment.Split('=', 2) with
    | [| name; value |] -> Ok { Where = $"--set {assignment}"; Name = name; Value = value }
    | _ -> Error(Finding("this is no assignment", $"--set {assignment}", "Write it as NAME=VALUE."))

let private applyThen change (options: 'Options :> MethodOptions) (assignments: string list) : 'Options =
    assign change options (List.map read assignments) :?> 'Options

/// Options with these assignments ("noiseWeight=4").
///
///     MethodSettings.apply (StpmOptions()) [ "epochs=20" ]
let apply (options: 'Options :> MethodOptions) (assignments: string list) : 'Options = applyThen id options assignments

/// The named method with these assignments and, if given, this number of epochs, after a further change.
///
///     MethodSettings.resolveThen id "stpm" (Some 20) []
let resolveThen (change: MethodOptions -> MethodOptions) name (epochs: int option) (assignments: string list) =
    applyThen change (published name) (assignments @ (epochs |> Option.map (fun count -> $"epochs={count}") |> Option.toList))

/// As above, without a change.
///
///     MethodSettings.resolve "stpm" (Some 20) []
let resolve name epochs assignments = resolveThen id name epochs assignments
