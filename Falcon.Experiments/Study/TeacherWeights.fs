/// Finding and loading the teacher of a study.
module internal Falcon.Experiments.TeacherWeights

open System.IO
open System.Text
open Falcon
open Falcon.Backbones
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Randomness
open Falcon.Weights
open TorchSharp

/// Weights that were found; their digest stands for their content.
type Located =
    | InFile of path: string * digest: Digest
    | Drawn of MasterSeed

// Random weights are the same in every study, so that its cells can be compared.
let private randomSeed = MasterSeed 0L

/// A pair of teachers has two files, joined by `+`.
let private files (path: string) = if File.Exists path then [ path ] else List.ofArray (path.Split '+')

let private joint (digests: Digest list) =
    match digests with
    | [ digest ] -> digest
    | digests -> Digest.ofBytes (Encoding.UTF8.GetBytes(String.concat "+" [ for digest in digests -> digest.Hex ]))

// Opening a file shows whether it holds weights at all.
let private inFile (store: Store) path =
    try
        for file in files path do
            using (WeightFile.Open file) ignore

        Ok(InFile(path, joint (store.FileDigests.OfFiles(files path))))
    with :? InvalidInputException as error ->
        Error(List.ofSeq error.Findings)

let locate store source : Result<Located, Finding list> =
    match source with
    | TeacherSource.Random -> Ok(Drawn randomSeed)
    | TeacherSource.File path when files path |> List.forall File.Exists -> inFile store path
    | TeacherSource.File path -> Error [ Finding("there is no such weight file", path, "Check the path of the teacher.") ]
    | TeacherSource.Named name ->
        match WeightsStore.OfUser().Find name with
        | null -> Error [ Finding("these weights have not been fetched", name, $"Run 'falcon weights fetch {name}', or name a file.") ]
        | path -> inFile store path

/// The network that the weights of a method's teacher are for.
let backbone (method: MethodOptions) = method.Teachers[0]

/// The content of the weights.
let digest weights =
    match weights with
    | InFile(_, digest) -> digest
    | Drawn seed -> Digest.ofBytes (Encoding.UTF8.GetBytes $"random weights, seed {seed.Value}")

/// What identifies the teacher's features, for people.
let name weights (method: MethodOptions) =
    match weights with
    | InFile(_, digest) -> $"{backbone method} {digest.Hex}"
    | Drawn seed -> $"{backbone method} random, seed {seed.Value}"

let load device weights (method: MethodOptions) precision =
    let device = torch.device (device: string)

    match weights with
    | InFile(path, _) -> Teacher.Load(path, backbone method, method.DeepestTap, precision, device)
    | Drawn seed -> Teacher.Random(backbone method, seed, method.DeepestTap, precision, device)
