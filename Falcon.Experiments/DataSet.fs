namespace Falcon.Experiments

open System.IO
open Falcon.Data
open Falcon.DrawnData

[<RequireQualifiedAccess>]
type DataLayout =
    | Mvtec of folder: string
    | Category of folder: string
    | Drawn

type DataSet = { Name: string; Layout: DataLayout; Categories: string list }

module Data =
    let private lastName (folder: string) =
        match Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath folder)) with
        | null
        | "" -> "data"
        | name -> name

    let at folder = { Name = lastName folder; Layout = DataLayout.Mvtec folder; Categories = [] }

    let folder folder =
        { Name = lastName (Path.Combine(folder, ".."))
          Layout = DataLayout.Category folder
          Categories = [ lastName folder ] }

    let private category = folder

    let detect folder =
        match DataFolder.Detect folder with
        | :? Falcon.Data.MvtecAd as found ->
            { Name = found.Name; Layout = DataLayout.Mvtec folder; Categories = List.ofSeq found.Categories }
        | _ -> category folder

    let drawn = { Name = "drawn"; Layout = DataLayout.Drawn; Categories = [ for scene in Scene.All -> scene.Name ] }

    let categories categories data = { data with Categories = categories }

    let named name (data: DataSet) = { data with Name = name }

module MvtecAd =
    let categories = List.ofSeq Falcon.Data.MvtecAd.PublishedCategories

    let at folder = Data.at folder |> Data.named Falcon.Data.MvtecAd.PublishedName |> Data.categories categories
