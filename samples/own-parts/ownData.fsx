// A reader: one category whose images a CSV file lists, with the columns image, split (train or test), defect (good for normal ones) and mask (may be empty).
// A sampler: the images that somebody chose.
#load "../../experiments/falcon.fsx"

open System
open System.IO
open Falcon
open Falcon.Data
open Falcon.Experiments

let partsList (path: string) =
    let folder = Path.GetFullPath(Path.Combine(path, ".."))
    let place (name: string) = Path.Combine(folder, name)

    { new DataSource(Path.GetFileNameWithoutExtension path, [| "part" |]) with
        override source.Read category =
            let rows =
                [| for line in File.ReadLines path |> Seq.skip 1 do
                       match List.ofSeq (Csv.Fields line) with
                       | [ image; split; defect; mask ] ->
                           split, ImageItem(place image, image, defect, (defect <> "good"), (if mask = "" then null else place mask))
                       | _ -> raise (InvalidInputException($"'{line}' has other columns", path, "Write image,split,defect,mask.")) |]

            let images split =
                [| for name, item in rows do
                       if name = split then item |]
                |> Array.sortWith (fun a b -> String.CompareOrdinal(a.RelativeName, b.RelativeName))

            Category(source.Name, category, folder, images "train", images "test") }

let chosen (names: string list) =
    { new ShotSampler($"""chosen by hand: {String.concat ", " names}""") with
        override _.Choose(category, shots, _) =
            [| for name in List.truncate shots names -> category.TrainImages |> Seq.find (fun item -> item.RelativeName = name) |] }
