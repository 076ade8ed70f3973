namespace Falcon.Experiments

open System.IO
open Falcon.Backbones
open Falcon.Methods
open Falcon.Weights

[<RequireQualifiedAccess>]
type TeacherSource =
    | File of path: string
    | Named of name: string
    | Random

module Teacher =
    let file path = TeacherSource.File path

    let weights name = TeacherSource.Named name

    let shipped = weights BackboneCatalog.Kestrel

    let random = TeacherSource.Random

    let private isStored name = WeightsStore.OfUser().List() |> Seq.exists (fun stored -> stored.Name = name)

    let available (named: string option) =
        match named with
        | None -> shipped
        | Some "random" -> random
        | Some name when not (File.Exists name) && isStored name -> weights name
        | Some path -> file path

    let fit source (method: MethodOptions) =
        match source with
        | TeacherSource.Named name ->
            match WeightsCatalog.All |> Seq.tryFind (fun known -> known.Name = name) with
            | Some known when Seq.contains known.Backbone method.Teachers -> method.TaughtBy known.Backbone
            | _ -> method
        | TeacherSource.File _
        | TeacherSource.Random -> method
