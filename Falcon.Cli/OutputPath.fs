/// Places for results, looked at before the work that fills them.
module Falcon.Cli.OutputPath

open System.IO
open Falcon
open Falcon.Experiments
open Falcon.Imaging

let private writable option (path: string) =
    match WritableFolder.problem path with
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
