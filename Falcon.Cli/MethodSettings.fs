/// Methods by name, with options set by name: the names are those of the options record's JSON.
module Falcon.Cli.MethodSettings

open System
open System.Text.Json
open System.Text.Json.Nodes
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

/// A value as it is typed: JSON if it reads as such, otherwise text.
let private value (text: string) : Json.Value =
    try
        JsonNode.Parse text
    with :? JsonException ->
        Json.text text

/// The options with one of them set, or what is wrong.
let private set (options: MethodOptions) (assignment: string) =
    let json = MethodJson.WriteAll options

    let names =
        [ for KeyValue(name, _) in json do
              if name <> "method" then name ]

    match assignment.Split('=', 2) with
    | [| given; text |] ->
        match names |> List.tryFind (fun name -> String.Equals(name, given, StringComparison.OrdinalIgnoreCase)) with
        | None ->
            let nearest = NearestName.find names given |> Option.map (fun name -> $"Did you mean '{name}'? ") |> Option.defaultValue ""

            Error(
                Finding(
                    $"{options.DisplayName} has no option '{given}'",
                    $"--set {assignment}",
                    $"""{nearest}There are: {String.Join(", ", names)}."""
                )
            )
        | Some name ->
            let before = Json.render json[name]

            try
                Ok(MethodJson.Set(options, name, value text))
            with :? JsonException ->
                Error(Finding($"'{text}' is not a value of {name}", $"--set {assignment}", $"Write it like its default, {before}."))
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
