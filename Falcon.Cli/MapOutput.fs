/// Anomaly maps as files: --maps.
module Falcon.Cli.MapOutput

open System
open Falcon
open Falcon.Detection
open Falcon.Results

type MapOutput =
    | NoMaps
    | HalfMaps
    | FullMaps

let private kinds = [ "none", NoMaps; "half", HalfMaps; "full", FullMaps ]

/// Reads --maps; none where it is not given.
let read (given: string option) =
    match given, kinds |> List.tryFind (fun (name, _) -> given = Some name) with
    | None, _ -> Ok NoMaps
    | _, Some(_, kind) -> Ok kind
    | Some text, None -> Error [ Finding($"'{text}' is no kind of maps", "--maps", "Give none, half (float16) or full (float32).") ]

/// Writes the map at the size of the photo, if it is wanted.
let write kind path (prediction: Prediction) =
    if kind <> NoMaps then
        let map = prediction.Map.Resize(prediction.Width, prediction.Height)
        AtomicFile.Write(path, fun stream -> NpyArray.Write(stream, map.Values.AsSpan(), map.Width, map.Height, (kind = HalfMaps)))
