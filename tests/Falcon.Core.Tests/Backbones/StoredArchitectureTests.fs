module Falcon.Core.Tests.Backbones.StoredArchitectureTests

open Expecto
open Falcon.Tests
open TorchSharp
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Methods
open Falcon.Weights

/// What a file with these tensors is said to hold.
let private told (tensors: StoredTensor seq) =
    use scratch = new Scratch.Folder()
    let path = scratch.File "weights.safetensors"
    SafetensorsWriter.Write(path, Array.ofSeq tensors)
    use file = WeightFile.Open path
    StoredArchitecture.Of file |> Option.ofObj

let private tensorsOf prefix (network: torch.nn.Module) = using network (fun network -> StateDict.Tensors(network, prefix))

[<Tests>]
let tests =
    testList
        "Architecture of a weight file"
        [ testTheory
              "every residual network is told by names and shapes, also behind a prefix and without its last layers"
              [ for known in BackboneCatalog.All -> known.Name ]
              (fun name ->
                  let upTo = if name.StartsWith "wide" then BackboneTap.Layer3 else BackboneTap.Layer4
                  let network = new ResNet(BackboneCatalog.Find name, upTo)
                  let tensors = tensorsOf "state_dict.module." network
                  Expect.equal (told tensors) (Some name) "all layers"
                  let shallow = tensors |> Seq.filter (fun tensor -> not (tensor.Name.Contains "layer4"))
                  Expect.equal (told shallow) (Some name) "to layer3")
          test "EfficientNet-B0 and patch description networks are told, other networks are not" {
              Expect.equal (told (tensorsOf "" (new EfficientNet()))) (Some "efficientnet_b0") "EfficientNet"

              for size, name in [ PdnSize.Small, "pdn_small"; PdnSize.Medium, "pdn_medium" ] do
                  let network = new PatchDescriptionNetwork(size, PatchDescriptionNetwork.TeacherChannels)
                  Expect.equal (told (tensorsOf "" network)) (Some name) name

              Expect.equal (told (tensorsOf "" (torch.nn.Linear(3L, 4L)))) None "a layer"
          } ]
