/// The images that a command's words name: files, and folders of them.
module Falcon.Cli.ImageArgument

open System
open System.IO
open Falcon
open Falcon.Data
open Falcon.Imaging
open Falcon.Cli.Validation

/// The images that a word means, and what is not read of a folder.
let private expand (argument: string) =
    if Directory.Exists argument then
        match attempt (fun () -> ImageFolder.At argument) with
        | Error findings -> Error findings
        | Ok found when found.Faults.Count > 0 -> Error(List.ofSeq found.Faults)
        | Ok found when found.Images.Count = 0 ->
            Error
                [ yield! found.Leftovers
                  Finding("there is no image in this folder", argument, "Give image files, or a folder that holds some.") ]
        | Ok found -> Ok(List.ofSeq found.Images, List.ofSeq found.Leftovers)
    elif File.Exists argument then
        Ok([ argument ], [])
    else
        Error [ Finding("there is no such image or folder", argument, "Check the path.") ]

/// The deepest folder that holds all files.
let private commonFolder (files: string list) =
    let parts (file: string) = (string (Path.GetDirectoryName file)).Split Path.DirectorySeparatorChar

    files
    |> List.map parts
    |> List.reduce (fun a b ->
        Array.zip (Array.truncate b.Length a) (Array.truncate a.Length b)
        |> Array.takeWhile (fun (x, y) -> x = y)
        |> Array.map fst)
    |> String.concat (string Path.DirectorySeparatorChar)
    |> fun folder -> if folder = "" then string Path.DirectorySeparatorChar else folder

/// The images, each once, named by their path below the folder that they share. What is not read is said.
let collect session arguments =
    let expanded = List.map expand arguments

    match
        expanded
        |> List.collect (function
            | Error findings -> findings
            | Ok _ -> [])
    with
    | [] ->
        for result in expanded do
            match result with
            | Ok(_, leftovers) ->
                for leftover in leftovers do
                    Session.warn session (string leftover)
            | Error _ -> ()

        let files =
            expanded
            |> List.collect (function
                | Ok(files, _) -> files
                | Error _ -> [])
            |> List.map Path.GetFullPath
            |> List.distinct

        let folder = commonFolder files
        Ok [ for file in files -> ImageItem(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), "unknown", false) ]
    | findings -> Error findings

/// What --regions leaves wrong: masks for a model that has its own, or none for one that knows photos with masks of their own.
let checkRegions session (detector: Falcon.Detection.Detector) (regions: string option) =
    match regions with
    | Some folder when not (isNull detector.Card.Method.RegionOfInterest) ->
        raise (InvalidInputException("the model has a region of interest for all photos", $"--regions {folder}", "Leave --regions away."))
    | None when detector.Card.OwnRegions ->
        Session.warn
            session
            "the model was trained on photos with regions of interest of their own, and all of these is looked at: give their masks, --regions FOLDER"
    | _ -> ()

/// The images with the masks in the folder that --regions names, if it is given.
let lookedAt (regions: string option) (images: ImageItem list) =
    match regions with
    | Some folder -> List.ofSeq (ImageItem.LookedAt(Array.ofList images, folder))
    | None -> images
