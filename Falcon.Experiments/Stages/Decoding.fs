/// Image files, decoded and resized to the size of a network's input.
module internal Falcon.Experiments.Stages.Decoding

open System.Threading.Tasks
open Falcon.Data
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Weights

[<Literal>]
let Name = "decode"

let private version = 1

/// `pixels` (H, W, 3) uint8, RGB; `size` holds width and height of the file's image.
let private decode (preprocessing: Preprocessing) workspace (path: string) =
    let image = ImageFile.ReadRgb path
    let resized = preprocessing.Resize image

    [ "image",
      TensorFile.output
          workspace
          [ StoredTensor.Of("pixels", resized.Pixels, resized.Height, resized.Width, 3)
            StoredTensor.Of("size", [| int64 image.Width; int64 image.Height |], 2L) ] ]

/// Decodes several images at once on some threads, which do not change the result.
let work (preprocessing: Preprocessing) threads =
    let compute (paths: string list) (workspace: Workspace) =
        let outputs = Array.zeroCreate paths.Length
        let paths = Array.ofList paths
        let options = ParallelOptions(MaxDegreeOfParallelism = threads, CancellationToken = workspace.Cancellation)

        Parallel.For(0, paths.Length, options, (fun index -> outputs[index] <- decode preprocessing workspace paths[index]))
        |> ignore

        List.ofArray outputs

    Work.Together(16, compute)

/// The stage: from an image file to the path of its decoded pixels.
let stage (preprocessing: Preprocessing) work : Stage<string, string> =
    { Name = Name
      Version = version
      Libraries = [ Libraries.decoder ]
      Record = Canonical.ofValue preprocessing
      Work = work
      Read = TensorFile.path }

/// Width and height of the image in its file.
let size (file: SafetensorsFile) =
    let sides = file.Longs "size"
    int sides[0], int sides[1]

/// The network's input, (3, H, W).
let pixels (preprocessing: Preprocessing) (file: SafetensorsFile) =
    let raster = RasterImage(preprocessing.Width, preprocessing.Height, 3, file.Bytes("pixels").ToArray())
    preprocessing.Normalise raster
