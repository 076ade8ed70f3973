/// A temporary folder of one test, removed at its end.
module Falcon.Reports.Tests.Scratch

open System
open System.IO

type Folder() =
    let path = Directory.CreateTempSubdirectory("falcon-test-").FullName

    /// A path inside the folder.
    member _.File(name: string) = Path.Combine(path, name)

    /// The names of everything inside, sorted.
    member _.Names = Directory.GetFileSystemEntries path |> Array.map (fun entry -> string (Path.GetFileName entry)) |> Array.sort

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)
