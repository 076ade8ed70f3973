/// The images that a command's words name: files, and folders of them.
module Falcon.Cli.ImageArgument

open System
open System.IO
open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Cli.Validation

/// A name whose bytes are no UTF-8 is shown with marks, by which no file is found.
let private isUnnameable (path: string) = path.Contains '\uFFFD' && not (Path.Exists path)

/// The images of a folder, and what is not read of it.
let private within (argument: string) (found: ImageFolder) =
    let own = EarlierPredictions.writtenAmong (List.ofSeq found.Files)

    let images =
        [ for file in found.Images do
              if not (own.Contains(Path.GetFullPath file)) then file ]

    let unnameable =
        [ for file in images do
              if isUnnameable file then
                  Finding("has a name that is no valid UTF-8, by which it cannot be opened", file, "Rename it.") ]

    match List.ofSeq found.Faults @ unnameable with
    | [] when images.IsEmpty ->
        Error
            [ yield! found.Leftovers
              Finding("there is no image in this folder", argument, "Give image files, or a folder that holds some.") ]
    | [] -> Ok(images, List.ofSeq found.Leftovers)
    | findings -> Error findings

/// The images that a word means, and what is not read of a folder.
let private expand (argument: string) =
    match FileKind.Fault argument with
    | null when Directory.Exists argument -> attempt (fun () -> ImageFolder.At argument) |> Result.bind (within argument)
    | null when File.Exists argument -> Ok([ argument ], [])
    | null -> Error [ Finding("there is no such image or folder", argument, "Check the path.") ]
    | special -> Error [ special ]

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
    let expanded =
        if List.isEmpty arguments then
            [ Error
                  [ Finding("no image is named", "arguments", "Give image files, or folders of them, behind the option that takes them.") ] ]
        else
            List.map expand arguments

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

        Ok
            [ for file in files ->
                  ImageItem(file, Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'), "unknown", false) ]
    | findings -> Error findings

/// Reads all photos before long work: those that are damaged or do not suit the model are named at once.
let checkReadable session (detector: Detector) (images: ImageItem list) =
    let photos = Array.ofList images

    DataCheck.Find(Category("", "", "", photos, []), DataNeeds(), session.Options.Threads, session.Cancellation).ThrowIfUnusable()

    match Array.ofSeq (detector.Card.Method.Preprocessing.Misfits photos) with
    | [||] -> ()
    | misfits -> raise (InvalidInputException misfits)

/// What --regions leaves wrong: masks for a model that has its own, or none for one that knows photos with masks of their own.
let checkRegions session (detector: Detector) (regions: string option) =
    match regions with
    | Some folder when not (isNull detector.Card.Method.RegionOfInterest) ->
        raise (InvalidInputException("the model has a region of interest for all photos", $"--regions {folder}", "Leave --regions away."))
    | None when detector.Card.OwnRegions ->
        Session.warn
            session
            "the model was trained on photos with regions of interest of their own, and all of these is looked at: give their masks, --regions FOLDER"
    | Some folder when not detector.Card.OwnRegions ->
        Session.warn
            session
            $"the model was trained on whole photos, and the edges of the regions in {folder} look like defects to it: train it with --roi, or on photos with regions of their own"
    | _ -> ()

let regionsUsage = "a folder of masks of what is looked at of each photo, white, named like the photos; or of one for all"

/// The images with the masks in the folder that --regions names, if it is given.
let lookedAt (regions: string option) (images: ImageItem list) =
    match regions with
    | Some folder -> List.ofSeq (ImageItem.LookedAt(Array.ofList images, folder))
    | None -> images
