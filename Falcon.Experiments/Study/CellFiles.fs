/// The folder of one cell. `cell.json` is written last and removed first, so that a folder with it is a finished cell.
module internal Falcon.Experiments.CellFiles

open System
open System.IO
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open Falcon
open Falcon.Experiments.Store
open Falcon.Results

[<Literal>]
let Model = "model.safetensors"

[<Literal>]
let Maps = "maps.safetensors"

[<Literal>]
let private KeyFile = "key.json"

[<Literal>]
let private Failure = "failure.log"

let private cells (study: string) = Path.Combine(study, "cells")

let folder study cell = Path.Combine(cells study, Cell.id cell)

/// The folders of all cells, finished or not, in the order of their ids.
let folders study =
    if Directory.Exists(cells study) then
        Directory.GetDirectories(cells study) |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
    else
        [||]

let private writeText path (text: string) = AtomicFile.Write(path, fun stream -> stream.Write(Encoding.UTF8.GetBytes text))

let private delete folder name = File.Delete(Path.Combine(folder, name))

/// What an earlier result was computed from.
type EarlierKey =
    {
        Key: string
        Document: Canonical
        /// Where the images of the category were.
        DataFolder: string
    }

let readKey folder =
    let path = Path.Combine(folder, KeyFile)

    try
        if File.Exists path then
            let json = nonNull(JsonNode.Parse(File.ReadAllText path)).AsObject()

            Some
                { Key = string json["key"]
                  Document = Canonical.ofNode json["inputs"]
                  DataFolder = string json["dataFolder"] }
        else
            None
    with
    | :? JsonException
    | :? InvalidOperationException -> None

let private readable = JsonSerializerOptions(WriteIndented = true, NewLine = "\n")

/// Writes what determines the result, and where its images are now.
let writeKey folder (key: CellKey) (dataFolder: string) =
    let json = JsonObject()
    json.Add("key", JsonValue.Create key.Key.Hex)
    json.Add("dataFolder", JsonValue.Create dataFolder)
    json.Add("inputs", JsonNode.Parse key.Document.Text)
    writeText (Path.Combine(folder, KeyFile)) (json.ToJsonString readable + "\n")

/// The result that is there; none when there is none that can be read.
let read folder =
    if
        [ CellFolder.CellFile; CellFolder.ScoresFile; Maps; Model ]
        |> List.forall (fun name -> File.Exists(Path.Combine(folder, name)))
    then
        try
            Some(CellFolder.Read folder)
        with :? InvalidInputException ->
            None
    else
        None

/// Makes the folder an unfinished cell.
let start folder =
    Directory.CreateDirectory folder |> ignore
    delete folder CellFolder.CellFile

/// Makes the folder a finished cell.
let finish folder (result: CellResult) =
    CellFolder.Write(folder, result)
    delete folder Failure

/// Keeps the story of a failure.
let fail folder (error: exn) =
    let log = Path.Combine(folder, Failure)
    writeText log $"{error.Message}\n\n{error}\n"
    { Message = error.Message; Log = log }
