/// What a frozen teacher says of an image at one tap: computed once and shared by all methods, shots and seeds.
module internal Falcon.Experiments.Stages.FeatureExtraction

open System
open System.Runtime.InteropServices
open Falcon.Backbones
open Falcon.Data
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Weights
open TorchSharp

[<Literal>]
let Name = "teacher-features"

let private version = 2

/// What determines features, beside the image, the weights and the libraries.
type private Record = { Backbone: string; Tap: BackboneTap; Format: FeatureFormat; Threads: int }

/// Features of this many images and taps are computed together; it is divided by one, two, three and four taps.
let private together = 24

/// Tiles that the teacher sees at once.
[<Literal>]
let private TeacherBatch = 8

let private stored storage (features: torch.Tensor) =
    let shape = features.shape

    match storage with
    | Float32 -> StoredTensor.Of("features", features.data<float32>().ToArray(), shape)
    | Float16 ->
        let halves: Half array = features.data<float32>().ToArray() |> Array.map Half.op_Explicit
        StoredTensor("features", ElementType.Float16, shape, MemoryMarshal.AsBytes(ReadOnlySpan halves).ToArray())

/// The teacher's features of some inputs, (N, C, h, w) at each tap.
let private look (preprocessing: Preprocessing) (teacher: Teacher) (taps: BackboneTap array) (inputs: RasterImage seq) =
    let values = [| for input in inputs -> preprocessing.Normalise input |]

    let pixels =
        torch.tensor (
            Array.concat values,
            int64 values.Length,
            3L,
            int64 preprocessing.Height,
            int64 preprocessing.Width,
            device = torch.CPU
        )

    teacher.SharedFeatures(pixels, taps)

/// As above, of the tiles of an image, a few at once: only what is asked for of them stays.
let private lookAtTiles preprocessing teacher taps (tiles: RasterImage seq) =
    let batches =
        [ for batch in Seq.chunkBySize TeacherBatch tiles do
              use _ = torch.NewDisposeScope()
              let features: TeacherFeatures = look preprocessing teacher taps batch
              [ for tap in taps -> features[tap].MoveToOuterDisposeScope() ] ]

    new TeacherFeatures(taps, List.transpose batches |> List.map (fun parts -> torch.cat (Array.ofList parts)))

/// Computes what is asked for in one batch, each image once, no deeper than the deepest tap; of images that are seen in tiles one after another.
let work (preprocessing: Preprocessing) (format: FeatureFormat) (teacher: unit -> Teacher) =
    let compute (wanted: (string * BackboneTap) list) (workspace: Workspace) =
        let images = wanted |> List.map fst |> List.distinct
        let taps = wanted |> List.map snd |> List.distinct |> List.sort |> Array.ofList
        let teacher = teacher ()
        let read path = TensorFile.read path (fun file -> Decoding.inputs preprocessing file, file.Read "size")

        let outputs path size (features: TeacherFeatures) =
            [ for image, tap in wanted do
                  if image = path then
                      let own = features[tap].cpu().contiguous()
                      (image, tap), [ "features", TensorFile.output workspace [ stored format.Storage own; size ] ] ]

        let whole () =
            use _ = torch.NewDisposeScope()
            let decoded = images |> List.map read
            let features = look preprocessing teacher taps (Seq.collect fst decoded)
            List.mapi2 (fun index path (_, size) -> outputs path size (features.At(int64 index))) images decoded

        let tiled path =
            use _ = torch.NewDisposeScope()
            let tiles, size = read path
            outputs path size (lookAtTiles preprocessing teacher taps tiles)

        let made = dict (List.concat (if isNull preprocessing.Tiling then whole () else List.map tiled images))
        [ for application in wanted -> made[application] ]

    Work.Together(together, compute)

/// The stage: from a decoded image to the path of its features (N, C, h, w) at a tap, `features`, beside the `size` of the image in its file; N is 1, or the number of
/// its tiles. 1×1 convolutions of some networks are summed over threads, so their number is part of the record.
let stage backbone (format: FeatureFormat) (threads: int) tap work : Stage<string * BackboneTap, string> =
    { Name = Name
      Version = version
      Libraries = [ Libraries.engine ]
      Record = Canonical.ofValue { Backbone = backbone; Tap = tap; Format = format; Threads = threads }
      Work = work
      Read = TensorFile.path }

/// The features of one image or its tiles, float32, over the mapped file where they are kept as they are.
let features (file: SafetensorsFile) =
    use stored = file.Tensor "features"
    stored.``to``(torch.ScalarType.Float32).DetachFromDisposeScope()
