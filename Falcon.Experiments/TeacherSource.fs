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

    [<Literal>]
    let usual = BackboneCatalog.Kestrel

    let shipped = weights usual

    let random = TeacherSource.Random

    let private isStored name = WeightsStore.OfUser().List() |> Seq.exists (fun stored -> stored.Name = name)

    let available (usual: string) (named: string option) =
        match named with
        | None when isNull (WeightsStore.OfUser().Find usual) -> random
        | None -> weights usual
        | Some "random" -> random
        | Some name when not (File.Exists name) && isStored name -> weights name
        | Some path -> file path

    let fit source (method: MethodOptions) =
        match source with
        | TeacherSource.Named name -> method.SuitedTo name
        | TeacherSource.File _
        | TeacherSource.Random -> method
