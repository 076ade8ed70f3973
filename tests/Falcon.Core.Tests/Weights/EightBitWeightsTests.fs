module Falcon.Core.Tests.Weights.EightBitWeightsTests

open System
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Weights

let private weights =
    let random = Random 3
    // Outputs of very different sizes, and one that is zero.
    StoredTensor.Of(
        "layer.weight",
        Array.init 160 (fun i -> float32 ([| 1.0; 1e-3; 40.0; 0.0 |][i / 40] * (random.NextDouble() - 0.5))),
        4L,
        10L,
        2L,
        2L
    )

let private values (file: WeightFile) (name: string) = file.Tensor(name).data<float32>().ToArray()

let private photos =
    lazy
        ([ "mvtec_ad/bottle/train/good"; "magnetic_tile/tile/train/good" ]
         |> List.collect (fun folder -> ImageItem.In(Fixtures.require [ "data"; folder ]) |> Seq.truncate 2 |> List.ofSeq))

/// The features of photos at layers 1 to 3.
let private features (path: string) =
    use teacher = Teacher.Load(path, "resnet18")
    use scope = torch.NewDisposeScope()
    let images = torch.stack [| for photo in ImageLoader.Load(photos.Value, Preprocessing(256, 256), 1) -> photo.Pixels |]

    [ for layer in teacher.Features(images, [| BackboneTap.Layer1; BackboneTap.Layer2; BackboneTap.Layer3 |]) ->
          layer.data<float32>().ToArray() ]

let private size (values: float32 array) = sqrt (values |> Array.averageBy (fun value -> float value * float value))

[<Tests>]
let tests =
    testList
        "Weights of eight bits"
        [ test
              "each output's weights are read as float32, without outliers within half a step of what they were, under their own name alone" {
              use folder = new Scratch.Folder()
              let path = folder.File "a.safetensors"
              SafetensorsWriter.Write(path, [| yield! EightBitWeights.Of weights; StoredTensor.Of("layer.bias", [| 1f |], 1L) |])
              use file = WeightFile.Open path
              Expect.sequenceEqual file.Names [ "layer.weight"; "layer.bias" ] "names"
              Expect.equal (file.Entry("layer.weight").Type) ElementType.Float32 "type"
              Expect.isFalse (file.Contains "layer.weight_scale") "factors as a tensor"
              SafetensorsWriter.Write(folder.File "b.safetensors", [| weights |])
              use exact = WeightFile.Open(folder.File "b.safetensors")

              for before, after in
                  Array.zip (values exact "layer.weight" |> Array.chunkBySize 40) (values file "layer.weight" |> Array.chunkBySize 40) do
                  let step = Array.max (Array.map abs before) / 127f
                  Expect.all (Array.zip before after) (fun (a, b) -> abs (a - b) <= 0.51f * step) $"weights with steps of {step}"
          }
          test "factors that do not fit their weights are refused with the name" {
              use folder = new Scratch.Folder()
              let path = folder.File "a.safetensors"
              let whole = Seq.head (EightBitWeights.Of weights)
              SafetensorsWriter.Write(path, [| whole; StoredTensor.Of("layer.weight_scale", [| 1f; 2f |], 2L) |])
              let fault = raised<InvalidInputException>(fun () -> (WeightFile.Open path).Dispose())
              Expect.stringContains fault.Message "'layer.weight' in eight bits without one float32 factor for each output" "what"
          }
          test "Falcon's own teacher sees what ML.NET's network sees, within 3 %, at the size of torchvision's features" {
              use folder = new Scratch.Folder()
              let store = WeightsStore(folder.File "weights")
              let own = features (nonNull (store.Find "kestrel"))
              let torchvision = features (Fixtures.require [ "weights"; "resnet18-imagenet-layers123.safetensors" ])

              for layer, (mine, theirs) in List.indexed (List.zip own torchvision) do
                  Expect.isBetween (size mine / size theirs) 0.85 1.2 $"size at layer {layer + 1}"

              match store.Find "resnet18-mlnet" with
              | null -> skiptest "The package of resnet18-mlnet has not been restored."
              | path ->
                  for layer, (mine, whole) in List.indexed (List.zip own (features path)) do
                      Expect.isLessThan (size (Array.map2 (-) mine whole) / size whole) 0.03 $"difference at layer {layer + 1}"
          } ]
