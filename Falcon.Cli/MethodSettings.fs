/// Methods by name, with options set by name: the names are those of the options record's JSON.
module Falcon.Cli.MethodSettings

open System
open System.Reflection
open System.Text.Json
open System.Text.Json.Nodes
open System.Text.Json.Serialization
open System.Text.Json.Serialization.Metadata
open Falcon
open Falcon.Methods

/// Options that are left out where they are not set can be set all the same.
let private showAll (kind: JsonTypeInfo) =
    for property in kind.Properties do
        if not (isNull property.Get) then property.ShouldSerialize <- fun _ _ -> true

let private format =
    lazy
        (let resolver = DefaultJsonTypeInfoResolver()
         resolver.Modifiers.Add showAll
         let options = JsonSerializerOptions(JsonSerializerDefaults.Web, TypeInfoResolver = resolver)
         options.Converters.Add(JsonStringEnumConverter())
         options)

let private methods () =
    [ for attribute in typeof<MethodOptions>.GetCustomAttributes<JsonDerivedTypeAttribute>() do
          string attribute.TypeDiscriminator, attribute.DerivedType ]

/// A method's options with its defaults.
let private defaults name =
    match methods () |> List.tryFind (fun (known, _) -> known = name) with
    | Some(_, options) -> Activator.CreateInstance options |> nonNull :?> MethodOptions
    | None ->
        raise (
            InvalidInputException("there is no such method", $"--method {name}", NearestName.suggestion (List.map fst (methods ())) name)
        )

let private toJson (options: MethodOptions) =
    (JsonSerializer.SerializeToNode(options, options.GetType(), format.Value) |> nonNull).AsObject()

let private ofJson (json: JsonObject) (like: MethodOptions) =
    JsonSerializer.Deserialize(json, like.GetType(), format.Value) |> nonNull :?> MethodOptions

/// A value as it is typed: JSON if it reads as such, otherwise text.
let private value (text: string) : Json.Value =
    try
        JsonNode.Parse text
    with :? JsonException ->
        Json.text text

/// The options with one of them set, or what is wrong.
let private set (options: MethodOptions) (assignment: string) =
    let json = toJson options

    let names = [ for KeyValue(name, _) in json -> name ]

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
                json[name] <- value text
                Ok(ofJson json options)
            with :? JsonException ->
                Error(Finding($"'{text}' is not a value of {name}", $"--set {assignment}", $"Write it like its default, {before}."))
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

/// The named method with these assignments and, if given, this number of epochs.
let resolve name (epochs: int option) (assignments: string list) =
    apply (defaults name) (assignments @ (epochs |> Option.map (fun count -> $"epochs={count}") |> Option.toList))
