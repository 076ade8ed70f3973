namespace Falcon.Cli

open System
open System.IO

/// A folder of results that appear together: they are written aside and moved into place at the end, or leave no trace.
type StagedFolder(target: string) =
    let target = Path.GetFullPath(target).TrimEnd Path.DirectorySeparatorChar
    let staging = $"{target}.{Environment.ProcessId}.partial"

    /// Where a file is to be written until then, by its name below the folder.
    member _.File(name: string) = Path.Combine(staging, name)

    /// Moves everything into place; files of the same names are replaced, others stay.
    member _.Commit() =
        for source in Directory.GetFiles(staging, "*", SearchOption.AllDirectories) do
            let destination = Path.Combine(target, Path.GetRelativePath(staging, source))
            Directory.CreateDirectory(string (Path.GetDirectoryName destination)) |> ignore
            File.Move(source, destination, overwrite = true)

    interface IDisposable with
        member _.Dispose() = if Directory.Exists staging then Directory.Delete(staging, true)
