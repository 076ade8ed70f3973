/// Options of methods that are set by name, as in "noiseWeight=4": the names are those of the options record's JSON.
module Falcon.Experiments.MethodAssignment

open System
open System.Text.Json
open System.Text.Json.Nodes
open Falcon
open Falcon.Methods

/// The names of a method's options.
///
///     MethodAssignment.names (StpmOptions())
let names (options: MethodOptions) =
    [ for item in MethodJson.WriteAll options do
          if item.Key <> "method" then item.Key ]

/// The option of this name, whose letters may be large or small.
///
///     MethodAssignment.tryName (StpmOptions()) "Epochs" // Some "epochs"
let tryName (options: MethodOptions) (given: string) =
    names options |> List.tryFind (fun name -> String.Equals(name, given, StringComparison.OrdinalIgnoreCase))

/// A value as it is typed: JSON if it reads as such, otherwise text.
let private value (text: string) : JsonNode | null =
    try
        JsonNode.Parse text
    with :? JsonException ->
        JsonValue.Create text

let private rendered (value: JsonNode | null) =
    match value with
    | null -> "null"
    | value -> value.ToJsonString()

/// The options with one of them set, or what is wrong. `where` is what the user wrote.
///
///     MethodAssignment.set (StpmOptions()) "--set epochs=20" "epochs" "20"
let set (options: MethodOptions) (where: string) given (text: string) : Result<MethodOptions, Finding> =
    match tryName options given with
    | None ->
        let all = names options
        let nearest = NearestName.find all given |> Option.map (fun name -> $"Did you mean '{name}'? ") |> Option.defaultValue ""
        Error(Finding($"{options.DisplayName} has no option '{given}'", where, $"""{nearest}There are: {String.Join(", ", all)}."""))
    | Some name ->
        let before = rendered (MethodJson.WriteAll(options)[name])

        try
            Ok(MethodJson.Set(options, name, value text))
        with :? JsonException ->
            Error(Finding($"'{text}' is not a value of {name}", where, $"Write it like its default, {before}."))
