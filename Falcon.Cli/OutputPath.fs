/// Places for results, looked at before the work that fills them.
module Falcon.Cli.OutputPath

open System.IO
open Falcon
open Falcon.Experiments
open Falcon.Imaging
open Falcon.Weights

let private fault what option (path: string) fix = Error [ Finding(what, $"{option} {path}", fix) ]

let private writable option (path: string) =
    match WritableFolder.problem path with
    | None -> Ok()
    | Some problem -> fault problem option path "Choose a folder that you may write to."

/// What may be replaced: files of the kind that is written. Whatever else has the name is somebody's, and would be lost.
type Kind = { Name: string; IsOne: string -> bool }

let private isEmpty (path: string) = FileInfo(path).Length = 0L

/// A model, or weights: a safetensors file.
let model =
    { Name = "model"
      IsOne =
        fun path ->
            try
                (SafetensorsFile.Open path).Dispose()
                true
            with :? InvalidInputException ->
                false }

/// Text that begins in one way.
let text name (beginning: string) =
    { Name = name
      IsOne =
        fun path ->
            use file = new StreamReader(path)
            let read = Array.zeroCreate<char> beginning.Length
            file.ReadBlock(read, 0, read.Length) = read.Length && System.String read = beginning }

let private isImage (path: string) = Seq.contains ((string (Path.GetExtension path)).ToLowerInvariant()) ImageFile.Extensions

let private isReplaceable kind path =
    try
        isEmpty path || kind.IsOne path
    with
    | :? IOException
    | :? System.UnauthorizedAccessException -> false

let private sameFile (first: string) (second: string) = Path.GetFullPath first = Path.GetFullPath second

/// A file to write, that is none of those that are read.
let fileBeside (inputs: string list) kind option (path: string) =
    if Directory.Exists path then
        fault "a folder has this name" option path "Give the name of a file."
    else
        match FileKind.Special path with
        | null when inputs |> List.exists (sameFile path) -> fault "is read, too, and would be lost" option path "Give another name."
        | null when File.Exists path && not (isReplaceable kind path) ->
            let what = if isImage path then "an image" else $"a file that is no {kind.Name}"
            fault $"{what} has this name, and would be lost" option path "Give another name."
        | null ->
            writable option (string (Path.GetDirectoryName(Path.GetFullPath path)))
            |> Result.map (fun () ->
                AtomicFile.Sweep path
                path)
        | special -> fault $"is {special}" option path "Give the name of a file."

/// A file to write.
let file kind option path = fileBeside [] kind option path

/// A folder to write into.
let folder option (path: string) =
    match FileKind.Special path with
    | null when File.Exists path -> fault "a file has this name" option path "Give the name of a folder."
    | null -> writable option (Path.GetFullPath path) |> Result.map (fun () -> path)
    | special -> fault $"is {special}" option path "Give the name of a folder."

/// A name of the same kind that is free in a folder.
let private free folder (path: string) =
    let stem, ending = Path.GetFileNameWithoutExtension path, Path.GetExtension path

    Seq.initInfinite (fun number -> Path.Combine(folder, (if number = 0 then $"{stem}{ending}" else $"{stem}-{number + 1}{ending}")))
    |> Seq.find (fun path -> not (Path.Exists path))

/// Saves what took long. Where that fails in the end it goes to a place that works, which is said; the place.
let keep session (path: string) (save: string -> unit) =
    let rec elsewhere folders =
        match folders with
        | [] -> None
        | folder :: others ->
            try
                let place = free folder path
                save place
                Some place
            with
            | :? InvalidInputException
            | :? IOException
            | :? System.UnauthorizedAccessException -> elsewhere others

    try
        save path
        path
    with :? InvalidInputException as error ->
        let meant = Path.GetDirectoryName(Path.GetFullPath path)

        match [ Directory.GetCurrentDirectory(); Path.GetTempPath() ] |> List.filter ((<>) (string meant)) |> elsewhere with
        | None -> reraise ()
        | Some place ->
            Findings.write session.Error error.Findings
            Session.warn session $"what would be lost is in {place}"
            place

/// The code of a command that has kept its result: not fine where it lies elsewhere than was asked for.
let exitCode (asked: string) (kept: string) = if asked = kept then ExitCode.Fine else ExitCode.SomeFailed
