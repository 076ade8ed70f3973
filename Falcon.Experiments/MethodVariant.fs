/// How a method's options differ from the published ones, for ids and titles.
module internal Falcon.Experiments.MethodVariant

open System
open System.Collections.Concurrent
open System.Text.Json.Nodes
open System.Text.RegularExpressions
open Falcon.Experiments.Store
open Falcon.Methods

/// A value that is too long for a name, such as a region of interest: its beginning, and what tells it from others.
let private brief (text: string) =
    if text.Length <= 200 then
        text
    else
        $"{text.Split(':')[0]}~{(Digest.ofBytes (Text.Encoding.UTF8.GetBytes text)).Hex.Substring(0, 8)}"

let rec private leaves (value: JsonNode | null) : string list =
    match value with
    | :? JsonObject as object ->
        [ for item in object do
              yield! leaves item.Value ]
    | :? JsonArray as array ->
        [ for item in array do
              yield! leaves item ]
    | null -> [ "none" ]
    | value -> [ brief (string value) ]

let private text value = String.Join(' ', leaves value)

let private compare (options: MethodOptions) : (string * string) list =
    let published = MethodJson.Write(nonNull (Activator.CreateInstance(options.GetType())) :?> MethodOptions)

    [ for item in MethodJson.Write options do
          if not (JsonNode.DeepEquals(item.Value, published[item.Key])) || (item.Key = "backbone" && options.NamesBackbone) then
              item.Key, text item.Value ]

// The cells of a study ask again and again about a few methods.
let private known = ConcurrentDictionary<MethodOptions * bool, (string * string) list>()

/// The options that differ from those of a freshly made record, each with its value as text, in the order of the record; a backbone that was named in any case.
let changes (options: MethodOptions) : (string * string) list = known.GetOrAdd((options, options.NamesBackbone), (fun _ -> compare options))

/// The names of the options in which methods of one type differ from one another.
let varying (methods: MethodOptions list) : string list =
    let written = [ for method in List.distinct methods -> MethodJson.WriteAll method ]

    [ for item in written.Head do
          if written.Tail |> List.exists (fun other -> not (JsonNode.DeepEquals(item.Value, other[item.Key]))) then
              item.Key ]

/// The value of an option as text.
let value (options: MethodOptions) (name: string) =
    let all = MethodJson.WriteAll options
    text all[name]

/// `falcon`, or `falcon+epochs=20` where options differ from the published ones; the name that a study gives stands for the method's own.
let id (options: MethodOptions) =
    let name = options.Label |> Option.ofObj |> Option.defaultValue options.Name
    String.Join('+', name :: [ for name, value in changes options -> $"{name}={value}" ])

/// The name of an option in words: `noise weight`.
let words (name: string) = Regex.Replace(name, "([A-Z])", " $1").ToLowerInvariant()

/// `FALCON`, or what a study calls it.
let family (options: MethodOptions) = options.Label |> Option.ofObj |> Option.defaultValue options.DisplayName

/// `FALCON`, or `FALCON (epochs 20, random teacher)` with whatever else sets the variant apart.
let title (options: MethodOptions) (others: string list) =
    match [ for name, value in changes options -> $"{words name} {value}" ] @ others with
    | [] -> family options
    | notes -> $"""{family options} ({String.Join(", ", notes)})"""
