/// Published checkpoints whose names are not Falcon's.
module Falcon.Core.Tests.Weights.NameSchemesTests

open System
open System.Text.RegularExpressions
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Methods
open Falcon.Randomness
open Falcon.Weights

let private values (tensor: torch.Tensor) = tensor.data<float32>().ToArray()

let private input () =
    use generator = new torch.Generator(3UL)
    torch.randn ([| 1L; 3L; 64L; 64L |], generator = generator)

/// Writes a module's tensors by other names.
let private write (path: string) (rename: int -> string -> string) (network: torch.nn.Module) =
    let renamed =
        StateDict.Tensors network
        |> Seq.mapi (fun i tensor -> StoredTensor(rename i tensor.Name, tensor.Type, tensor.Shape, tensor.Bytes))

    SafetensorsWriter.Write(path, Array.ofSeq renamed)

let private load (network: torch.nn.Module) (path: string) =
    use file = WeightFile.Open path
    StateDict.Load(network, file)

let private equal (expected: torch.nn.Module) (found: torch.nn.Module) =
    for expected, found in Seq.zip (StateDict.Tensors expected) (StateDict.Tensors found) do
        Expect.isTrue (expected.Bytes.Span.SequenceEqual found.Bytes.Span) expected.Name

let private refused (action: unit -> unit) = (raised<InvalidInputException> action).Findings |> Seq.map _.What |> List.ofSeq

/// The names of torchvision's EfficientNet-B0 in its order, without the head.
let private torchvision =
    let norm place =
        [ for part in [ "weight"; "bias"; "running_mean"; "running_var"; "num_batches_tracked" ] -> $"{place}.{part}" ]

    let unit place = $"{place}.0.weight" :: norm $"{place}.1"

    let attention place =
        [ for layer in [ "fc1"; "fc2" ] do
              for part in [ "weight"; "bias" ] -> $"{place}.{layer}.{part}" ]

    [ yield! unit "features.0"
      for stage, repeats in List.indexed [ 1; 2; 2; 3; 3; 4; 1 ] do
          for repeat in 0 .. repeats - 1 do
              let block = $"features.{stage + 1}.{repeat}.block"
              let units = if stage = 0 then 1 else 2

              for place in 0 .. units - 1 do
                  yield! unit $"{block}.{place}"

              yield! attention $"{block}.{units}"
              yield! unit $"{block}.{units + 1}" ]

[<Tests>]
let tests =
    testList
        "Name schemes"
        [ test "names go there and back, and no prefix of a scheme begins another" {
              for scheme in NameSchemes.All do
                  for pair in scheme.Prefixes do
                      let struct (own, foreign) = pair
                      Expect.equal (scheme.ToForeign(own + "x")) (foreign + "x") "scheme to foreign own x"
                      Expect.equal (scheme.ToOwn(foreign + "x")) (own + "x") "scheme to own foreign x"
          }
          test "the student of STPM's authors loads, layer4 left aside" {
              use folder = new Scratch.Folder()
              use whole = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer4)
              InitialWeights.Torchvision(whole, MasterSeed 5L, "student")
              let position = dict [ "conv1", 0; "bn1", 1; "layer1", 4; "layer2", 5; "layer3", 6; "layer4", 7 ]

              let theirs _ (name: string) = Regex.Replace(name, @"^\w+", (fun part -> $"state_dict.model.{position[part.Value]}"))

              write (folder.File "best.safetensors") theirs whole
              use student = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer3)
              load student (folder.File "best.safetensors")
              use images = input ()
              let expected = whole.call (images, [| BackboneTap.Layer3 |])
              let found = student.call (images, [| BackboneTap.Layer3 |])
              Expect.equal (values found[0]) (values expected[0]) "values found 0"
          }
          test "torchvision's EfficientNet holds timm's tensors, module by module, in the same order, and its head is left aside" {
              use folder = new Scratch.Folder()
              use network = new EfficientNet()
              InitialWeights.Torchvision(network, MasterSeed 5L, "teacher")
              Expect.equal (network.state_dict().Count) torchvision.Length "network state dict"
              let path = folder.File "efficientnet.safetensors"

              let body =
                  StateDict.Tensors network
                  |> Seq.groupBy (fun tensor -> tensor.Name.Substring(0, tensor.Name.LastIndexOf '.'))
                  |> Seq.collect snd
                  |> Seq.zip torchvision
                  |> Seq.map (fun (name, tensor) -> StoredTensor(name, tensor.Type, tensor.Shape, tensor.Bytes))

              let head =
                  [ for name in [ "features.8.0.weight"; "features.8.1.weight"; "classifier.1.bias" ] ->
                        StoredTensor.Of(name, [| 1.0f |], 1L) ]

              SafetensorsWriter.Write(path, [| yield! body; yield! head |])
              use found = new EfficientNet()
              load found path
              equal network found
              use teacher = Teacher.Load(path, "efficientnet_b0")
              use images = input ()
              let features = teacher.Features(images, [| BackboneTap.Stage6 |])
              Expect.equal features[0].shape [| 1L; 320L; 2L; 2L |] "shape of features 0"
          }
          testTheory
              "anomalib's patch description networks number their convolutions"
              [ false, 4; true, 6 ]
              (fun (medium: bool, convolutions: int) ->
                  use folder = new Scratch.Folder()
                  let create () = new PatchDescriptionNetwork((if medium then PdnSize.Medium else PdnSize.Small), 384)
                  use network = create ()
                  InitialWeights.PyTorch(network, MasterSeed 5L, "teacher")
                  let theirs i (name: string) = $"conv{i / 2 + 1}.{Array.last (name.Split '.')}"
                  Expect.equal (network.state_dict().Count) (2 * convolutions) "network state dict"
                  write (folder.File "pdn.safetensors") theirs network
                  use found = create ()
                  load found (folder.File "pdn.safetensors")
                  equal network found)
          test "anomalib's SSPCAB has its second and third corner exchanged" {
              use folder = new Scratch.Folder()
              use block = new PredictiveBlock(16)
              InitialWeights.PyTorch(block, MasterSeed 5L, "block")

              let theirs _ (name: string) =
                  name
                      .Replace("se.", "attention_module.")
                      .Replace("conv1.", "masked_conv1.")
                      .Replace("conv2.", "masked_convX.")
                      .Replace("conv3.", "masked_conv2.")
                      .Replace("conv4.", "masked_conv4.")
                      .Replace("convX.", "conv3.")

              write (folder.File "sspcab.safetensors") theirs block
              use found = new PredictiveBlock(16)
              load found (folder.File "sspcab.safetensors")
              equal block found
          }
          test "a file with two networks by different names is refused, and says whose names they are" {
              use folder = new Scratch.Folder()
              let create () = new PatchDescriptionNetwork(PdnSize.Small, 384)
              use network = create ()
              let tensors = StateDict.Tensors network

              let theirs =
                  tensors
                  |> Seq.mapi (fun i tensor ->
                      StoredTensor($"conv{i / 2 + 1}.{Array.last (tensor.Name.Split '.')}", tensor.Type, tensor.Shape, tensor.Bytes))

              SafetensorsWriter.Write(folder.File "both.safetensors", [| yield! tensors; yield! theirs |])
              use found = create ()
              let what = refused (fun () -> load found (folder.File "both.safetensors")) |> List.exactlyOne
              Expect.stringContains what "2 networks that fit" "what"
              Expect.stringContains what "anomalib" "what"
          }
          test "the authors' file of reverse distillation holds bottleneck and decoder, and memories that nobody uses" {
              use folder = new Scratch.Folder()
              let architecture = BackboneCatalog.Find "resnet18"
              let create () = new OneClassBottleneck(architecture, false), new ReverseDecoder(architecture)
              let bottleneck, decoder = create ()
              InitialWeights.PyTorch(bottleneck, MasterSeed 5L, "bn")
              InitialWeights.PyTorch(decoder, MasterSeed 5L, "student")
              let memory = StoredTensor.Of("bn.memory1.weight", [| 1.0f |], 1L)

              SafetensorsWriter.Write(
                  folder.File "rd.safetensors",
                  [| yield! StateDict.Tensors(bottleneck, "bn."); yield! StateDict.Tensors(decoder, "decoder."); memory |]
              )

              let first, second = create ()
              load first (folder.File "rd.safetensors")
              load second (folder.File "rd.safetensors")
              equal bottleneck first
              equal decoder second

              for network in [ bottleneck :> torch.nn.Module; decoder; first; second ] do
                  network.Dispose()
          }
          testTheory
              "a narrow bottleneck of a wide teacher is known by its shape"
              [ 512L, true; 1024L, false ]
              (fun (inner: int64, narrow: bool) ->
                  use folder = new Scratch.Folder()
                  let path = folder.File "bn.safetensors"

                  SafetensorsWriter.Write(
                      path,
                      [| StoredTensor.Of("model.bn_layer.0.conv1.weight", Array.zeroCreate<float32>(int inner), inner, 1L, 1L, 1L) |]
                  )

                  use file = WeightFile.Open path

                  let fitting =
                      ReverseDistillationOptions(NarrowBottleneck = not narrow).Fitting([| file |]) :?> ReverseDistillationOptions

                  Expect.equal fitting.NarrowBottleneck narrow "narrow bottleneck of fitting") ]
