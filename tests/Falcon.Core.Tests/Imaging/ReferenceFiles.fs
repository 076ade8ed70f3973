/// Image files of many kinds with the pixels that Pillow finds in them, stored by reference/pillow.py.
module Falcon.Core.Tests.Imaging.ReferenceFiles

open System
open System.IO
open System.Runtime.InteropServices
open System.Text.Json
open Falcon.Imaging

/// A file and its upright picture; none when it has to be refused.
type Case = { Name: string; File: byte array; Picture: RasterImage option }

/// A TIFF file and the numbers in it, row by row.
type Numbers = { Name: string; File: byte array; Width: int; Height: int; Values: float32 array }

let private document =
    lazy JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "reference", "pillow.json")))

let private all (name: string) = document.Value.RootElement.GetProperty(name).EnumerateArray() |> List.ofSeq

let private name (entry: JsonElement) = string (entry.GetProperty("name").GetString())

let private side (name: string) (entry: JsonElement) = entry.GetProperty(name).GetInt32()

let private bytes (name: string) (entry: JsonElement) = entry.GetProperty(name).GetBytesFromBase64()

let cases: Case list =
    let pictures =
        [| for picture in all "pictures" -> RasterImage(side "width" picture, side "height" picture, 3, bytes "pixels" picture) |]

    [ for case in all "files" ->
          let picture = case.GetProperty "picture"

          { Name = name case
            File = bytes "file" case
            Picture = if picture.ValueKind = JsonValueKind.Null then None else Some pictures[picture.GetInt32()] } ]

/// The files that have a picture.
let readable: (Case * RasterImage) list =
    cases |> List.choose (fun case -> case.Picture |> Option.map (fun picture -> case, picture))

let numbers: Numbers list =
    [ for file in all "numbers" ->
          { Name = name file
            File = bytes "file" file
            Width = side "width" file
            Height = side "height" file
            Values = MemoryMarshal.Cast<byte, float32>(ReadOnlySpan(bytes "values" file)).ToArray() } ]
