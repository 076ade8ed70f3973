namespace Falcon.Experiments.Store

open System
open System.IO

type CheckpointFolder = { Key: Key; LastChange: DateTimeOffset; Bytes: int64 }

module Checkpoints =
    let private root (store: string) = Path.Combine(store, "checkpoints")

    let path store (key: Key) = Path.Combine(root store, key.Hex)

    let folder store key = Directory.CreateDirectory(path store key).FullName

    let removeEmpty store key =
        let path = path store key

        if Directory.Exists path && Seq.isEmpty (Directory.EnumerateFileSystemEntries path) then
            Directory.Delete path

    let remove store key = Durable.deleteFolder (path store key)

    let all store =
        [ for path in Directory.GetDirectories(root store) do
              match Key.tryParse (nonNull (Path.GetFileName path)), FileStamp.tryRead path with
              | Some key, ValueSome stamp ->
                  let stamps = Durable.files path |> List.map snd

                  { Key = key
                    LastChange = stamp :: stamps |> List.map FileStamp.modifiedAt |> List.max
                    Bytes = stamps |> List.sumBy _.Size }
              | _ -> () ]
