/// The folders in which people and reports find the results of a study. The store has everything in them; they are written anew whenever they differ.
module internal Falcon.Experiments.CellFolders

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Falcon
open Falcon.Experiments.Stages
open Falcon.Results

[<Literal>]
let private SourceFile = "source.json"

[<Literal>]
let private FailureLog = "failure.log"

[<Literal>]
let private Trained = "trained.safetensors"

let private cells (study: string) = Path.Combine(study, "cells")

let folder study id = Path.Combine(cells study, id)

/// Where the story of a failure is.
let failureLog folder = Path.Combine(folder, FailureLog)

/// The folders of all cells, finished or not, in the order of their ids.
let folders study =
    if Directory.Exists(cells study) then
        Directory.GetDirectories(cells study) |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
    else
        [||]

/// What a folder was written from: the key of the result, where the images of its category are, and what its method is called.
type Source = { Key: string; Images: string; Label: string }

/// A label as JSON.
let labelText (label: MethodLabel) = JsonSerializer.Serialize label

let readSource folder =
    let path = Path.Combine(folder, SourceFile)

    try
        if File.Exists path then
            let json = nonNull(JsonNode.Parse(File.ReadAllText path)).AsObject()
            Some { Key = string json["key"]; Images = string json["images"]; Label = string json["label"] }
        else
            None
    with
    | :? JsonException
    | :? InvalidOperationException -> None

/// The result that is there; none when there is none that can be read.
let tryRead folder =
    if File.Exists(Path.Combine(folder, CellFolder.CellFile)) then
        try
            Some(CellFolder.Read folder)
        with :? InvalidInputException ->
            None
    else
        None

/// A name for a content of the store, which stays where it is.
let private link folder name (content: string) =
    let path = Path.Combine(folder, name)
    File.Delete path
    File.CreateSymbolicLink(path, Path.GetFullPath content) |> ignore

let private text (value: string) : JsonNode | null = JsonValue.Create value

/// Makes the folder show a result: `cell.json` and `scores.csv`, and links to trained weights and maps, which `contents` finds in the store. The source is
/// written last.
let show folder (source: Source) (result: CellResult) (contents: unit -> string * string) =
    if readSource folder <> Some source || not (File.Exists(Path.Combine(folder, CellFolder.CellFile))) then
        let trained, maps = contents ()
        Directory.CreateDirectory folder |> ignore
        File.Delete(Path.Combine(folder, SourceFile))
        CellFolder.Write(folder, result)
        link folder Trained trained
        link folder Recording.Maps maps
        let json = JsonObject()
        json.Add("key", text source.Key)
        json.Add("images", text source.Images)
        json.Add("label", text source.Label)
        AtomicFile.Write(Path.Combine(folder, SourceFile), (fun stream -> stream.Write(JsonSerializer.SerializeToUtf8Bytes json)))
        File.Delete(failureLog folder)

/// Makes the folder show a failure.
let fail folder (failure: CellFailure) =
    for name in [ SourceFile; CellFolder.CellFile; CellFolder.ScoresFile; Trained; Recording.Maps ] do
        File.Delete(Path.Combine(Directory.CreateDirectory(folder).FullName, name))

    AtomicFile.Write(failureLog folder, (fun stream -> stream.Write(Text.Encoding.UTF8.GetBytes $"{failure.Message}\n\n{failure.Story}\n")))
