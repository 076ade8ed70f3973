/// What 'falcon predict', watches and reports have left in folders: a prediction's files may be replaced by the next one, and all are nobody's photos.
module Falcon.Cli.EarlierPredictions

open System
open System.Collections
open System.IO
open System.Text.Json
open Falcon.Watching

/// The file that lists all others.
[<Literal>]
let ListFile = "predictions.json"

/// The tables beside it, by their first columns.
let tables = [ "predictions.csv", "image,score,threshold,"; "regions.csv", "image,region,x,y," ]

/// The file beside a report that lists its files.
[<Literal>]
let private ReportFile = "report.json"

/// What a JSON file of Falcon's says; none where it is another's, or cannot be read.
let private tryRead (path: string) (read: JsonElement -> string list option) =
    try
        use json = JsonDocument.Parse(File.ReadAllBytes path)
        read json.RootElement
    with
    | :? JsonException
    | :? InvalidOperationException
    | :? IOException
    | :? UnauthorizedAccessException -> None

let private ofPrediction (root: JsonElement) =
    let text (name: string) (image: JsonElement) =
        match image.TryGetProperty name with
        | true, value when value.ValueKind = JsonValueKind.String -> [ string (value.GetString()) ]
        | _ -> []

    match root.TryGetProperty "model", root.TryGetProperty "images" with
    | (true, _), (true, images) ->
        Some
            [ for image in images.EnumerateArray() do
                  yield! text "overlay" image
                  yield! text "map" image ]
    | _ -> None

let private ofReport (root: JsonElement) =
    match root.TryGetProperty "study", root.TryGetProperty "files" with
    | (true, _), (true, files) when files.ValueKind = JsonValueKind.Object -> Some [ for file in files.EnumerateObject() -> file.Name ]
    | _ -> None

let private listed (folder: string) (file: string) read =
    let folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath folder)
    let list = Path.Combine(folder, file)

    match tryRead list read with
    | None -> Set.empty
    | Some names ->
        let inside = folder + string Path.DirectorySeparatorChar

        [ list
          for name in names do
              let path = Path.GetFullPath(Path.Combine(folder, name))
              if path.StartsWith(inside, StringComparison.Ordinal) then path ]
        |> Set

/// The files of the prediction in a folder, by their whole paths, its list too; none where there is no prediction.
let filesIn folder = listed folder ListFile ofPrediction

/// Of the files below a folder those that predictions and reports have written, by their whole paths: pictures of photos, and no photos.
let writtenAmong (files: string list) =
    [ for file in files do
          let folder = string (Path.GetDirectoryName file)

          match Path.GetFileName file with
          | ListFile -> filesIn folder
          | ReportFile -> listed folder ReportFile ofReport
          | _ when FolderWatch.IsOverlay(Path.GetFullPath file) -> Set.singleton (Path.GetFullPath file)
          | _ -> () ]
    |> Set.unionMany

/// Of a folder and those below it, whether a file is what a prediction or a report has written, by its whole path. A list is read again when it has changed.
let isWrittenBelow (root: string) =
    let root = Path.TrimEndingDirectorySeparator(Path.GetFullPath root)
    let known = Concurrent.ConcurrentDictionary<string, DateTime * Set<string>>()

    let listedBy folder file read =
        let list = Path.Combine(folder, file)

        if File.Exists list then
            let time = File.GetLastWriteTimeUtc list

            match known.TryGetValue list with
            | true, (seen, files) when seen = time -> files
            | _ ->
                let files = listed folder file read
                known[list] <- (time, files)
                files
        else
            Set.empty

    let rec isListed (file: string) (folder: string) =
        (listedBy folder ListFile ofPrediction).Contains file
        || (listedBy folder ReportFile ofReport).Contains file
        || folder.Length > root.Length && isListed file (string (Path.GetDirectoryName folder))

    fun (file: string) -> isListed file (string (Path.GetDirectoryName file))
