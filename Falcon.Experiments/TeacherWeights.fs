namespace Falcon.Experiments

open System.IO
open System.Text
open Falcon
open Falcon.Backbones
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Randomness
open Falcon.Weights
open TorchSharp

/// The weights of a teacher, found.
[<RequireQualifiedAccess>]
type TeacherWeights =
    /// Of a pair of teachers two files, joined by `+`.
    | InFile of path: string
    | Drawn of seed: MasterSeed

/// Finding and loading a teacher.
module TeacherWeights =
    // Random weights are the same in every study, so that its cells can be compared.
    let private drawn = TeacherWeights.Drawn(MasterSeed 0L)

    let private files (path: string) = if File.Exists path then [ path ] else List.ofArray (path.Split '+')

    // Opening a file shows whether it holds weights at all.
    let private opened path =
        try
            for file in files path do
                using (WeightFile.Open file) ignore

            Ok(TeacherWeights.InFile path)
        with :? InvalidInputException as error ->
            Error(List.ofSeq error.Findings)

    /// The name that was probably meant.
    let private meant (given: string) =
        let names =
            [ for known in WeightsCatalog.All -> known.Name ]
            @ [ for stored in WeightsStore.OfUser().List() -> stored.Name ]

        match NearestName.find (List.distinct names) given with
        | Some name -> $"Did you mean '{name}'? "
        | None -> ""

    /// The weights of a source, or why they cannot be had.
    ///
    ///     TeacherWeights.find Teacher.shipped
    let find source : Result<TeacherWeights, Finding list> =
        match source with
        | TeacherSource.Random -> Ok drawn
        | TeacherSource.File path when files path |> List.forall File.Exists -> opened path
        | TeacherSource.File path ->
            Error
                [ Finding(
                      "there is neither such a weight file nor such a name in 'falcon weights list'",
                      $"teacher {path}",
                      $"{meant path}Give the path of a safetensors or PyTorch file, or a name, for example kestrel."
                  ) ]
        | TeacherSource.Named name ->
            match WeightsStore.OfUser().Find name with
            | null when (meant name) <> "" && not (WeightsCatalog.All |> Seq.exists (fun known -> known.Name = name)) ->
                Error
                    [ Finding("there are no weights of this name", $"teacher {name}", $"{meant name}'falcon weights list' has the names.") ]
            | null ->
                Error
                    [ Finding(
                          "these weights have not been fetched",
                          $"teacher {name}",
                          $"Run 'falcon weights fetch {name}', or name a file."
                      ) ]
            | path -> opened path

    /// The architecture of a file's weights, of a pair two joined by `+`, where shapes tell.
    let private stored path =
        let parts = files path |> List.map (fun file -> using (WeightFile.Open file) StoredArchitecture.Of |> Option.ofObj)
        if List.forall Option.isSome parts then Some(String.concat "+" (List.choose id parts)) else None

    let private known name = WeightsCatalog.All |> Seq.tryFind (fun known -> known.Name = name)

    /// The architecture of a teacher that can be had: the catalogue's for known weights, else what the shapes in its file tell.
    let private architecture source weights =
        match source, weights with
        | TeacherSource.Named name, _ when (known name).IsSome -> known name |> Option.map _.Backbone
        | _, TeacherWeights.InFile path -> stored path
        | _, TeacherWeights.Drawn _ -> None

    /// Weights that a method could learn from, in words.
    let private suitable (backbones: string seq) =
        match
            [ for known in WeightsCatalog.All do
                  if Seq.contains known.Backbone backbones then known.Name ]
        with
        | [] when Seq.contains BackboneCatalog.Compact backbones -> "weights that 'falcon pretrain teacher' wrote"
        | [] -> $"""a teacher of one of these: {String.concat ", " backbones}"""
        | names ->
            $"""weights of its own, for example {String.concat ", " (List.truncate 4 names)}: 'falcon weights list' says which are at hand"""

    /// A method with the architecture of its teacher, or why it cannot learn from it: the architecture that the method's options name is another, or the method
    /// takes no such teacher. Where neither tells, the method keeps its own.
    ///
    ///     StpmOptions() |> TeacherWeights.teach Teacher.shipped weights
    let teach source weights : MethodOptions -> Result<MethodOptions, Finding> =
        let name =
            match source with
            | TeacherSource.Named name -> name
            | TeacherSource.File path -> path
            | TeacherSource.Random -> "random"

        // Of several methods the file is read once.
        let architecture = lazy architecture source weights

        fun method ->
            match architecture.Value with
            // An impossible name is the method's own finding.
            | _ when not (method.Allows method.Backbone) -> Ok method
            | None -> Ok method
            | Some teacher when method.NamesBackbone && method.Backbone <> teacher ->
                Error(
                    Finding(
                        $"{method.DisplayName} names the backbone {method.Backbone}, and this teacher is a {teacher}",
                        $"teacher {name}",
                        $"Leave the backbone away, or name {suitable [ method.Backbone ]}."
                    )
                )
            | Some teacher when method.Allows teacher -> Ok(method.TaughtBy teacher)
            | Some teacher ->
                Error(
                    Finding($"{method.DisplayName} does not learn from a {teacher}", $"teacher {name}", $"Name {suitable method.Teachers}.")
                )

    /// The teacher of a method, as deep as the method needs.
    ///
    ///     TeacherWeights.load (StpmOptions()) Precision.Float32 torch.CPU weights
    let load (method: MethodOptions) precision (device: torch.Device) weights =
        match weights with
        | TeacherWeights.InFile path -> Teacher.Load(path, method.Backbone, method.DeepestTap, precision, device)
        | TeacherWeights.Drawn seed -> Teacher.Random(method.Backbone, seed, method.DeepestTap, precision, device)

    let private joint (digests: Digest list) =
        match digests with
        | [ digest ] -> digest
        | digests -> Digest.ofBytes (Encoding.UTF8.GetBytes(String.concat "+" [ for digest in digests -> digest.Hex ]))

    /// The digest that stands for the content of weights.
    let internal digest (ofFiles: string list -> Digest list) weights =
        match weights with
        | TeacherWeights.InFile path -> joint (ofFiles (files path))
        | TeacherWeights.Drawn seed -> Digest.ofBytes (Encoding.UTF8.GetBytes $"random weights, seed {seed.Value}")

    /// The weights of a source with the digest of their content.
    let internal withDigest (store: Store) source =
        find source
        |> Result.map (fun weights -> weights, digest (fun paths -> store.FileDigests.OfFiles paths) weights)
