/// What 'falcon predict' has left in folders: its files may be replaced by the next prediction, and are nobody's photos.
module Falcon.Cli.EarlierPredictions

open System
open System.IO
open System.Text.Json

/// The file that lists all others.
[<Literal>]
let ListFile = "predictions.json"

/// The tables beside it, by their first columns.
let tables = [ "predictions.csv", "image,score,threshold,"; "regions.csv", "image,region,x,y," ]

let private tryNames path =
    try
        use json = JsonDocument.Parse(File.ReadAllBytes path)
        let root = json.RootElement

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
    with
    | :? JsonException
    | :? InvalidOperationException
    | :? IOException
    | :? UnauthorizedAccessException -> None

/// The files of the prediction in a folder, by their whole paths, its list too; none where there is no prediction.
let filesIn (folder: string) =
    let folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath folder)
    let list = Path.Combine(folder, ListFile)

    match tryNames list with
    | None -> Set.empty
    | Some names ->
        let inside = folder + string Path.DirectorySeparatorChar

        [ list
          for name in names do
              let path = Path.GetFullPath(Path.Combine(folder, name))
              if path.StartsWith(inside, StringComparison.Ordinal) then path ]
        |> Set
