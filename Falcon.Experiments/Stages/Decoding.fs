/// Image files, decoded and resized to the size of a network's input.
module internal Falcon.Experiments.Stages.Decoding

open System.Threading.Tasks
open Falcon
open Falcon.Data
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Weights

[<Literal>]
let Name = "decode"

let private version = 1

/// `pixels` (H, W, 3) uint8, RGB, of an image that is seen in tiles all of it; `size` holds width and height of the file's image.
let private decode (preprocessing: Preprocessing) workspace (item: ImageItem) =
    let image = preprocessing.Read item
    let resized = preprocessing.Resize image

    [ "image",
      TensorFile.output
          workspace
          [ StoredTensor.Of("pixels", resized.Pixels, resized.Height, resized.Width, 3)
            StoredTensor.Of("size", [| int64 image.Width; int64 image.Height |], 2L) ] ]

/// Decodes several images at once on some threads, which do not change the result.
let work (preprocessing: Preprocessing) threads =
    let compute (items: ImageItem list) (workspace: Workspace) =
        let outputs = Array.zeroCreate items.Length
        let items = Array.ofList items
        let options = ParallelOptions(MaxDegreeOfParallelism = threads, CancellationToken = workspace.Cancellation)

        Parallel.For(0, items.Length, options, (fun index -> outputs[index] <- decode preprocessing workspace items[index]))
        |> ignore

        List.ofArray outputs

    Work.Together(16, compute)

/// The stage: from an image file, and its region of interest if it has one, to the path of its decoded pixels.
let stage (preprocessing: Preprocessing) work : Stage<ImageItem, string> =
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

/// The pixels of the network's inputs: the image, or its tiles, each cut when it is asked for.
let inputs (preprocessing: Preprocessing) (file: SafetensorsFile) =
    let shape = file.Entry("pixels").Shape
    preprocessing.Inputs(RasterImage(int shape[1], int shape[0], 3, file.Bytes("pixels").ToArray()))
