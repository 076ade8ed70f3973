/// Places for results, looked at before the work that fills them.
module Falcon.Cli.OutputPath

open System
open System.IO
open Falcon
open Falcon.Imaging

/// The folder, or the nearest one above it that exists, takes files; a file in its way does not.
let private writable option (path: string) =
    let rec nearest (folder: string) =
        if Directory.Exists folder then Ok folder
        elif File.Exists folder then Error $"{folder} is a file"
        else nearest (string (Path.GetDirectoryName folder))

    let problem =
        match nearest path with
        | Error problem -> Some problem
        | Ok folder ->
            try
                let probe = Path.Combine(folder, $".falcon-{Environment.ProcessId}-{Guid.NewGuid():N}")
                File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose()
                None
            with
            | :? IOException
            | :? UnauthorizedAccessException -> Some $"{folder} takes no files"

    match problem with
    | None -> Ok()
    | Some problem -> Error [ Finding(problem, $"{option} {path}", "Choose a folder that you may write to.") ]

/// A file to write.
let file option (path: string) =
    if Directory.Exists path then
        Error [ Finding("a folder has this name", $"{option} {path}", "Give the name of a file.") ]
    elif File.Exists path && Seq.contains ((string (Path.GetExtension path)).ToLowerInvariant()) ImageFile.Extensions then
        Error [ Finding("an image has this name, and would be lost", $"{option} {path}", "Give another name.") ]
    else
        writable option (string (Path.GetDirectoryName(Path.GetFullPath path))) |> Result.map (fun () -> path)

/// A folder to write into.
let folder option (path: string) =
    if File.Exists path then
        Error [ Finding("a file has this name", $"{option} {path}", "Give the name of a folder.") ]
    else
        writable option (Path.GetFullPath path) |> Result.map (fun () -> path)
