namespace Falcon.Experiments

open System.IO
open Falcon.Data
open Falcon.DrawnData

[<RequireQualifiedAccess>]
type DataOrigin =
    | Folder of folder: string
    | Drawn
    | Source of source: DataSource

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

    let from (source: DataSource) =
        { Name = source.Name; Origin = DataOrigin.Source source; Categories = List.ofSeq source.Categories }

    let categories categories data = { data with Categories = categories }

    let named name (data: DataSet) = { data with Name = name }

[<Sealed>]
type PublishedData internal (name: string) =
    let published = DataCatalog.Find name

    member _.categories = [ for category in published.Categories -> category.Name ]

    member _.textures =
        [ for category in published.Categories do
              if category.Texture then category.Name ]

    member this.at folder = Data.at folder |> Data.named published.Name |> Data.categories this.categories

    member this.onlyTextures(data: DataSet) =
        match data.Categories |> List.filter (fun category -> List.contains category this.textures) with
        | _ :: _ as found when data.Name = published.Name -> data |> Data.categories found |> Data.named $"{published.Name} (textures)"
        | _ -> data

[<AutoOpen>]
module PublishedDataSets =
    let MvtecAd = PublishedData "MVTec AD"
    let Visa = PublishedData "VisA"
    let Mpdd = PublishedData "MPDD"
    let Mvtec3d = PublishedData "MVTec 3D-AD (RGB)"
    let Btad = PublishedData "BTAD"
    let MvtecLoco = PublishedData "MVTec LOCO AD"
