/// Whether results could be written into a folder, asked before the work that fills it.
module Falcon.Experiments.WritableFolder

open System
open System.IO

/// Why the folder, or the nearest one above it that exists, takes no files; none when it does.
///
///     WritableFolder.problem "reports/first"
let problem (path: string) =
    let rec nearest (folder: string) =
        if Directory.Exists folder then Ok folder
        elif File.Exists folder then Error $"{folder} is a file"
        else nearest (string (Path.GetDirectoryName folder))

    match nearest (Path.GetFullPath path) with
    | Error problem -> Some problem
    | Ok folder ->
        try
            let probe = Path.Combine(folder, $".falcon-{Environment.ProcessId}-{Guid.NewGuid():N}")
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose()
            None
        with
        | :? IOException
        | :? UnauthorizedAccessException -> Some $"{folder} takes no files"
