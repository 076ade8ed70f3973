module Falcon.Core.Tests.Backbones.ResNetTests

open System
open System.Security.Cryptography
open System.Text
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Parity
open Falcon.Randomness

let private feature =
    [| BackboneTap.Stem
       BackboneTap.Pool
       BackboneTap.Layer1
       BackboneTap.Layer2
       BackboneTap.Layer3
       BackboneTap.Layer4 |]

let private filled (name: string) (deepest: BackboneTap) =
    let network = new ResNet(BackboneCatalog.Find name, deepest)
    ParityWeights.Fill(network, "teacher.")
    network.eval ()
    network

let private doubles (tensor: torch.Tensor) = tensor.detach().``to``(torch.ScalarType.Float64).contiguous().data<float>().ToArray()

let private images (count: int64) (side: int64) =
    use generator = new torch.Generator(7UL)
    torch.rand ([| count; 3L; side; side |], generator = generator)

let private initial (seed: int64) (owner: string) (deepest: BackboneTap) =
    let network = new ResNet(BackboneCatalog.Find "resnet18", deepest)
    InitialWeights.Torchvision(network, MasterSeed seed, owner)
    network

let private values (network: ResNet) (name: string) = doubles (network.state_dict()[name])

[<Tests>]
let tests =
    testList
        "ResNet"
        [ test "the compact network has the channels and strides of ResNet-18's layers 1 to 3 and at most 1.5 million parameters" {
              use network = new ResNet(BackboneCatalog.Find BackboneCatalog.Compact, BackboneTap.Layer3)
              InitialWeights.Torchvision(network, MasterSeed 0L, "teacher")
              Expect.isBetween (network.parameters () |> Seq.sumBy _.numel()) 1L 1_500_000L "network parameters numel"
              use images = images 1L 64L
              let features = network.call (images, [| BackboneTap.Layer1; BackboneTap.Layer2; BackboneTap.Layer3 |])

              Expect.equal
                  [| for feature in features -> feature.shape |]
                  [| [| 1L; 64L; 16L; 16L |]; [| 1L; 128L; 8L; 8L |]; [| 1L; 256L; 4L; 4L |] |]
                  "feature shape"

              for feature in features do
                  feature.Dispose()
          }
          /// Counts and digest of torchvision's own state dicts: lines `name shape`, sorted.
          testTheory
              "names and shapes of the state dict are torchvision's"
              [ "resnet18", 122, 11689512L, "501d2f2cf76887418d7619d6b20b1ecad1f89da78e6d28f69462db1dc7cd5636"
                "resnet34", 218, 21797672L, "3fb7239a87628054a2b9ad34e0b22842b25ac70bf35bdff49043e3a9e4f8bff3"
                "resnet50", 320, 25557032L, "2cddcda8faee234a9d2cc4bad685667d0ce3c8a128a933af6648a724cd6c74e5"
                "wide_resnet50_2", 320, 68883240L, "2c02495f1622a01f376b09c0639448bc7d5bd5a7987699b51f35ed314f4c5b85" ]
              (fun (name: string, entries: int, parameters: int64, digest: string) ->
                  use network = new ResNet(BackboneCatalog.Find name, BackboneTap.Logits)
                  let state = network.state_dict ()
                  Expect.equal state.Count entries "number of state"
                  Expect.equal (network.parameters () |> Seq.sumBy _.numel()) parameters "network parameters numel"

                  let lines =
                      [| for entry in state -> entry.Key + " " + String.Join(",", entry.Value.shape) |]
                      |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))

                  let text = String.Join("\n", lines) + "\n"

                  Expect.equal
                      (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text)))
                      digest
                      "to hex string lower hash data")
          test "layers beyond the deepest tap do not exist" {
              use network = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer2)
              let names = network.state_dict().Keys
              Expect.contains names "layer2.1.bn2.running_var" "names"
              Expect.isFalse (names |> Seq.exists (fun name -> name.StartsWith "layer3" || name.StartsWith "fc")) "names"
              use input = images 1L 32L

              Expect.throwsT<ArgumentException>
                  (fun () -> network.call (input, [| BackboneTap.Layer3 |]) |> ignore)
                  "network call input is refused"
          }
          testTheory
              "every tap has the channels and the stride that the architecture states, in the order asked for"
              [ "resnet18"; "resnet50" ]
              (fun (name: string) ->
                  use network = filled name BackboneTap.Layer4
                  use frozen = torch.no_grad ()
                  use input = images 2L 64L
                  let taps = Array.rev feature

                  for tap, tensor in Array.zip taps (network.call (input, taps)) do
                      let side = 64L / int64 (ResNetArchitecture.Stride tap)
                      Expect.equal tensor.shape [| 2L; int64 (network.Architecture.Channels tap); side; side |] "shape of tensor")
          testTheory "the folded network gives the same features to a relative 1e-5" [ "resnet18"; "resnet50" ] (fun (name: string) ->
              use network = filled name BackboneTap.Layer4
              use folded = new FrozenBackbone(network)
              use frozen = torch.no_grad ()
              use input = images 2L 64L

              for expected, actual in Array.zip (network.call (input, feature)) (folded.Features(input, feature)) do
                  Expect.isBetween
                      (ParityFixture.RelativeError(doubles actual, doubles expected))
                      0.0
                      1e-5
                      "relative error doubles actual expected")
          test "frozen features carry no gradient, are contiguous, and serve as targets of a loss" {
              use network = filled "resnet18" BackboneTap.Layer2
              use folded = new FrozenBackbone(network)
              use input = images 1L 64L
              let target = folded.Features(input, [| BackboneTap.Layer2 |]) |> Array.exactlyOne
              Expect.isFalse target.requires_grad "requires grad of target"
              Expect.isTrue (target.is_contiguous ()) "target is contiguous"
              let student = network.call (input, [| BackboneTap.Layer2 |]) |> Array.exactlyOne
              (student - target).square().mean().backward()
              Expect.isNotNull (network.parameters () |> Seq.head |> _.grad) "network parameters grad"
          }
          test "features in bfloat16 come as float32 and stay near those in float32" {
              use network = filled "resnet18" BackboneTap.Layer3
              use exact = new FrozenBackbone(network)
              use rounded = new FrozenBackbone(network, Precision.BFloat16)
              use input = images 1L 64L
              let taps = [| BackboneTap.Layer1; BackboneTap.Layer3 |]

              for expected, actual in Array.zip (exact.Features(input, taps)) (rounded.Features(input, taps)) do
                  Expect.equal actual.dtype torch.ScalarType.Float32 "dtype of actual"

                  Expect.isBetween
                      (ParityFixture.RelativeError(doubles actual, doubles expected))
                      1e-6
                      0.1
                      "relative error doubles actual expected"
          }
          test "computing features leaves no tensors behind but the results, and no input is changed" {
              use network = filled "resnet18" BackboneTap.Layer3
              use folded = new FrozenBackbone(network)
              use input = images 1L 64L
              let before = doubles input
              let count () = DisposeScopeManager.Statistics.ThreadTotalLiveCount

              for run in
                  [ (fun () -> folded.Features(input, [| BackboneTap.Stem; BackboneTap.Layer3 |]))
                    (fun () -> network.call (input, [| BackboneTap.Stem; BackboneTap.Layer3 |])) ] do
                  run () |> Array.iter _.Dispose()
                  let alive = count ()
                  run () |> Array.iter _.Dispose()
                  Expect.equal (count ()) alive "count"

              Expect.equal (doubles input) before "doubles input"
          }
          test "an unknown backbone is a finding that lists the known ones" {
              let error = raised<InvalidInputException>(fun () -> BackboneCatalog.Find "alexnet" |> ignore)
              Expect.stringContains error.Message "wide_resnet50_2" "message of error"
          }
          test "initial weights follow from seed, owner and name alone" {
              let name = "layer1.0.conv1.weight"
              use first = initial 1L "student" BackboneTap.Layer2
              use again = initial 1L "student" BackboneTap.Layer3
              use otherSeed = initial 2L "student" BackboneTap.Layer2
              use otherOwner = initial 1L "autoencoder" BackboneTap.Layer2
              Expect.equal (values again name) (values first name) "values again name"
              Expect.notEqual (values otherSeed name) (values first name) "values other seed name"
              Expect.notEqual (values otherOwner name) (values first name) "values other owner name"
              Expect.notEqual (values first "layer1.0.conv2.weight") (values first name) "values first layer1.0.conv2.weight"
          }
          test "initial weights have torchvision's spread" {
              use network = initial 3L "student" BackboneTap.Logits

              for name, fanOut in [ "conv1.weight", 64 * 49; "layer3.0.conv1.weight", 256 * 9; "layer3.0.downsample.0.weight", 256 ] do
                  let values = values network name
                  let deviation = sqrt (Array.averageBy (fun value -> value * value) values)
                  Expect.isBetween (deviation / sqrt (2.0 / float fanOut)) 0.97 1.03 "deviation sqrt 2.0 fan out"
                  Expect.isBetween (Array.average values) (-0.1 * deviation) (0.1 * deviation) "average values"

              for value in values network "layer2.0.bn1.weight" do
                  Expect.equal value 1.0 "scale of batch norm"

              for value in values network "layer2.0.bn1.bias" do
                  Expect.equal value 0.0 "shift of batch norm"

              let bound = 1.0 / sqrt 512.0
              Expect.isBetween (Array.max (values network "fc.weight")) (0.99 * bound) (bound + 1e-7) "max values network fc.weight"
              Expect.isBetween (Array.min (values network "fc.bias")) (-bound - 1e-7) (-0.9 * bound) "min values network fc.bias"
          } ]
