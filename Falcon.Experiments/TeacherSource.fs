namespace Falcon.Experiments

open System.IO
open Falcon.Weights

[<RequireQualifiedAccess>]
type TeacherSource =
    | File of path: string
    | Named of name: string
    | Random

    override this.ToString() =
        match this with
        | File path -> string (Path.GetFileNameWithoutExtension path)
        | Named name -> name
        | Random -> "random"

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Teacher =
    let file path = TeacherSource.File path

    let weights name = TeacherSource.Named name

    let shipped = weights WeightsCatalog.Shipped.Name

    let random = TeacherSource.Random

    let label (source: TeacherSource) = string source

    let private isStored name = WeightsStore.OfUser().List() |> Seq.exists (fun stored -> stored.Name = name)

    let named given =
        match given with
        | "random" -> random
        | name when not (File.Exists name) && isStored name -> weights name
        | path -> file path

    let available name (given: string option) =
        match given with
        | None when isNull (WeightsStore.OfUser().Find name) -> random
        | None -> weights name
        | Some given -> named given

    let usual backbones =
        match WeightsStore.OfUser().Usual(Array.ofSeq backbones) with
        | null -> shipped
        | known -> weights known.Name
