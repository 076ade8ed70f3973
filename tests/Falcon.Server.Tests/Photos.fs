/// Drawn photos of one small part.
module Falcon.Server.Tests.Photos

open System.IO
open Falcon.DrawnData
open Falcon.Core.Tests

let private folder = lazy new Scratch.Folder()

let private data =
    lazy
        (let path = folder.Value.File "data"
         DrawnDataSet.Write(path, DrawnDataOptions(0L, 64, 5, 2, 2, [| "fabric" |]), workers = 1)
         Path.Combine(path, "fabric"))

let private files (below: string) =
    Directory.GetFiles(Path.Combine(data.Value, below), "*.png", SearchOption.AllDirectories)
    |> Array.sort
    |> List.ofArray

/// Files of good parts to learn from.
let good = lazy (files "train/good")

/// Files of other good parts.
let others = lazy (files "test/good")

/// Files of defective parts.
let defects =
    lazy
        (Directory.GetDirectories(Path.Combine(data.Value, "test"))
         |> Array.filter (fun kind -> Path.GetFileName kind <> "good")
         |> Array.sort
         |> List.ofArray
         |> List.collect (fun kind -> files $"test/{Path.GetFileName kind}"))

/// A folder for the files of the tests.
let scratch (name: string) = folder.Value.File name

/// Removes everything.
let remove () = if folder.IsValueCreated then (folder.Value :> System.IDisposable).Dispose()
