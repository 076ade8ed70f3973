/// Whether results could be written into a folder, asked before the work that fills it.
module Falcon.Experiments.WritableFolder

open System
open System.IO
open Falcon

/// Why the folder, or the nearest one above it that exists, takes no files; none when it does.
///
///     WritableFolder.problem "reports/first"
let problem (path: string) =
    let rec nearest (folder: string) =
        if Directory.Exists folder then
            Ok folder
        elif File.Exists folder then
            let kind = FileKind.Special folder |> Option.ofObj |> Option.defaultValue "a file"
            Error $"{folder} is {kind}"
        else
            nearest (string (Path.GetDirectoryName folder))

    match nearest (Path.GetFullPath path) with
    | Error problem -> Some problem
    | Ok folder ->
        try
            let probe = Path.Combine(folder, $".falcon-{Environment.ProcessId}-{Guid.NewGuid():N}")
            // An empty file needs no room.
            use file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)
            file.WriteByte 0uy
            file.Flush true
            None
        with
        | :? IOException as error when DiskFullException.IsReason error -> Some $"the disk of {folder} is full"
        | :? IOException
        | :? UnauthorizedAccessException -> Some $"{folder} takes no files"
