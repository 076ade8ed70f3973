namespace Falcon.Experiments

open System.IO
open Falcon.Data
open Falcon.DrawnData

[<RequireQualifiedAccess>]
type DataOrigin =
    | Folder of folder: string
    | Drawn

type DataSet = { Name: string; Origin: DataOrigin; Categories: string list }

module Data =
    let private lastName (folder: string) =
        match Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath folder)) with
        | null
        | "" -> "data"
        | name -> name

    let at folder = { Name = lastName folder; Origin = DataOrigin.Folder folder; Categories = [] }

    let folder folder =
        { Name = lastName (Path.Combine(folder, ".."))
          Origin = DataOrigin.Folder folder
          Categories = [ lastName folder ] }

    let detect folder =
        let found = DataFolder.Detect folder
        { Name = found.Name; Origin = DataOrigin.Folder folder; Categories = List.ofSeq found.Categories }

    let drawn = { Name = "drawn"; Origin = DataOrigin.Drawn; Categories = [ for scene in Scene.All -> scene.Name ] }

    let categories categories data = { data with Categories = categories }

    let named name (data: DataSet) = { data with Name = name }

    /// A data set of the catalogue.
    let internal known (published: KnownDataSet) folder =
        at folder |> named published.Name |> categories [ for category in published.Categories -> category.Name ]

module MvtecAd =
    let private published = DataCatalog.Find "MVTec AD"
    let categories = [ for category in published.Categories -> category.Name ]

    let textures =
        [ for category in published.Categories do
              if category.Texture then category.Name ]

    let onlyTextures (data: DataSet) =
        match data.Categories |> List.filter (fun category -> List.contains category textures) with
        | _ :: _ as found when data.Name = published.Name -> data |> Data.categories found |> Data.named $"{published.Name} (textures)"
        | _ -> data

    let at folder = Data.known published folder

module Visa =
    let private published = DataCatalog.Find "VisA"
    let categories = [ for category in published.Categories -> category.Name ]
    let withoutFryum = categories |> List.except [ "fryum" ]
    let at folder = Data.known published folder

module Mpdd =
    let private published = DataCatalog.Find "MPDD"
    let categories = [ for category in published.Categories -> category.Name ]
    let at folder = Data.known published folder

module Mvtec3d =
    let private published = DataCatalog.Find "MVTec 3D-AD (RGB)"
    let categories = [ for category in published.Categories -> category.Name ]
    let at folder = Data.known published folder

module Btad =
    let private published = DataCatalog.Find "BTAD"
    let categories = [ for category in published.Categories -> category.Name ]
    let at folder = Data.known published folder
