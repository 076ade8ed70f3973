namespace Falcon.Experiments

open Falcon.Weights

[<RequireQualifiedAccess>]
type TeacherSource =
    | File of path: string
    | Fetched of name: string
    | Random

module Teacher =
    [<Literal>]
    let private Usual = "resnet18"

    let file path = TeacherSource.File path

    let weights name = TeacherSource.Fetched name

    let random = TeacherSource.Random

    let private ofFile = file

    let available (file: string option) =
        match file with
        | Some path -> ofFile path
        | None when isNull (WeightsStore.OfUser().Find Usual) -> random
        | None -> weights Usual
