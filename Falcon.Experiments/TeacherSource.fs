namespace Falcon.Experiments

open System.IO
open Falcon.Weights

[<RequireQualifiedAccess>]
type TeacherSource =
    | File of path: string
    | Fetched of name: string
    | Random

module Teacher =
    let file path = TeacherSource.File path

    let weights name = TeacherSource.Fetched name

    let random = TeacherSource.Random

    let private isKnown name = WeightsStore.OfUser().List() |> Seq.exists (fun stored -> stored.Name = name)

    let available (usual: string) (named: string option) =
        match named with
        | Some "random" -> random
        | Some name when not (File.Exists name) && isKnown name -> weights name
        | Some path -> file path
        | None when isNull (WeightsStore.OfUser().Find usual) -> random
        | None -> weights usual
