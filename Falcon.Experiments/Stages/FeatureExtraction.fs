/// What a frozen teacher says of an image at one tap: computed once and shared by all methods, shots and seeds.
module internal Falcon.Experiments.Stages.FeatureExtraction

open System
open System.Runtime.InteropServices
open Falcon.Backbones
open Falcon.Data
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Weights
open TorchSharp

[<Literal>]
let Name = "teacher-features"

let private version = 1

/// What determines features, beside the image, the weights and the libraries.
type private Record = { Backbone: string; Tap: BackboneTap; Format: FeatureFormat; Threads: int }

/// Features of this many images and taps are computed together; it is divided by one, two, three and four taps.
let private together = 24

let private stored storage (features: torch.Tensor) =
    let shape = features.shape

    match storage with
    | Float32 -> StoredTensor.Of("features", features.data<float32>().ToArray(), shape)
    | Float16 ->
        let halves: Half array = features.data<float32>().ToArray() |> Array.map Half.op_Explicit
        StoredTensor("features", ElementType.Float16, shape, MemoryMarshal.AsBytes(ReadOnlySpan halves).ToArray())

/// Computes what is asked for in one batch, each image once, no deeper than the deepest tap.
let work (preprocessing: Preprocessing) (format: FeatureFormat) (teacher: unit -> Teacher) =
    let compute (wanted: (string * BackboneTap) list) (workspace: Workspace) =
        use _ = torch.NewDisposeScope()
        let images = wanted |> List.map fst |> List.distinct
        let taps = wanted |> List.map snd |> List.distinct |> List.sort |> Array.ofList
        let read path = TensorFile.read path (fun file -> Decoding.pixels preprocessing file, file.Read "size")
        let decoded = images |> List.map read
        let values = decoded |> List.map fst |> Array.concat

        let pixels =
            torch.tensor (values, int64 images.Length, 3L, int64 preprocessing.Height, int64 preprocessing.Width, device = torch.CPU)

        let teacher = teacher ()
        let features = teacher.SharedFeatures(pixels, taps)

        [ for image, tap in wanted do
              let index = List.findIndex ((=) image) images
              let own = features.At(int64 index).[tap].cpu().contiguous()
              [ "features", TensorFile.output workspace [ stored format.Storage own; snd decoded[index] ] ] ]

    Work.Together(together, compute)

/// The stage: from a decoded image to the path of its features (1, C, h, w) at a tap, `features`, beside the `size` of the image in its file. 1×1 convolutions of
/// some networks are summed over threads, so their number is part of the record.
let stage backbone (format: FeatureFormat) (threads: int) tap work : Stage<string * BackboneTap, string> =
    { Name = Name
      Version = version
      Libraries = [ Libraries.engine ]
      Record = Canonical.ofValue { Backbone = backbone; Tap = tap; Format = format; Threads = threads }
      Work = work
      Read = TensorFile.path }

/// The features of one image, float32, over the mapped file where they are kept as they are.
let features (file: SafetensorsFile) = file.Tensor("features").``to``(torch.ScalarType.Float32).DetachFromDisposeScope()
