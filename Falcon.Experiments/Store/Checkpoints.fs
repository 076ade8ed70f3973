namespace Falcon.Experiments.Store

open System
open System.IO

module Checkpoints =
    let private root (store: string) = Path.Combine(store, "checkpoints")

    let private path store (key: Key) = Path.Combine(root store, key.Hex)

    let folder store key =
        Directory.CreateDirectory(path store key).FullName

    let private bytes path =
        Durable.files path |> Seq.sumBy _.Length

    let remove store key =
        let path = path store key

        if Directory.Exists path then
            let size = bytes path
            Durable.deleteFolder path
            size
        else
            0L

    let private lastChange (folder: DirectoryInfo) =
        Durable.files folder.FullName
        |> Seq.map _.LastWriteTimeUtc
        |> Seq.fold max folder.LastWriteTimeUtc

    let all store =
        [
            if Directory.Exists(root store) then
                for folder in DirectoryInfo(root store).EnumerateDirectories() do
                    match Key.tryParse folder.Name with
                    | Some key -> struct (key, DateTimeOffset(lastChange folder), bytes folder.FullName)
                    | None -> ()
        ]
