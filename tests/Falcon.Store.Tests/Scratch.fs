/// A temporary folder of one test, removed at its end.
module Falcon.Store.Tests.Scratch

open System
open System.IO

type Folder(parent: string) =
    let path = Directory.CreateDirectory(Path.Combine(parent, "falcon-test-" + Path.GetRandomFileName())).FullName

    new() = new Folder(Path.GetTempPath())

    /// A folder in memory where the system has such, for tests of very many steps each of which is flushed to the disk.
    static member InMemory() =
        let memory = "/dev/shm"
        new Folder(if Directory.Exists memory then memory else Path.GetTempPath())

    member _.Path = path

    /// A path inside the folder.
    member _.File(name: string) = Path.Combine(path, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)
