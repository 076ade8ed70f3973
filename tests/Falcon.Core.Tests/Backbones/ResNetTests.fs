module Falcon.Core.Tests.Backbones.ResNetTests

open System
open System.Security.Cryptography
open System.Text
open Xunit
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

[<Fact>]
let ``kestrel has the channels and strides of ResNet-18's layers 1 to 3 and at most 1.5 million parameters`` () =
    use network = new ResNet(BackboneCatalog.Find BackboneCatalog.Kestrel, BackboneTap.Layer3)
    InitialWeights.Torchvision(network, MasterSeed 0L, "teacher")
    Assert.InRange(network.parameters () |> Seq.sumBy _.numel(), 1L, 1_500_000L)
    use images = images 1L 64L
    let features = network.call (images, [| BackboneTap.Layer1; BackboneTap.Layer2; BackboneTap.Layer3 |])

    Assert.Equal<int64[][]>(
        [| [| 1L; 64L; 16L; 16L |]; [| 1L; 128L; 8L; 8L |]; [| 1L; 256L; 4L; 4L |] |],
        [| for feature in features -> feature.shape |]
    )

    for feature in features do
        feature.Dispose()

/// Counts and digest of torchvision's own state dicts: lines `name shape`, sorted.
[<Theory>]
[<InlineData("resnet18", 122, 11689512L, "501d2f2cf76887418d7619d6b20b1ecad1f89da78e6d28f69462db1dc7cd5636")>]
[<InlineData("resnet34", 218, 21797672L, "3fb7239a87628054a2b9ad34e0b22842b25ac70bf35bdff49043e3a9e4f8bff3")>]
[<InlineData("resnet50", 320, 25557032L, "2cddcda8faee234a9d2cc4bad685667d0ce3c8a128a933af6648a724cd6c74e5")>]
[<InlineData("wide_resnet50_2", 320, 68883240L, "2c02495f1622a01f376b09c0639448bc7d5bd5a7987699b51f35ed314f4c5b85")>]
let ``names and shapes of the state dict are torchvision's`` (name: string, entries: int, parameters: int64, digest: string) =
    use network = new ResNet(BackboneCatalog.Find name, BackboneTap.Logits)
    let state = network.state_dict ()
    Assert.Equal(entries, state.Count)
    Assert.Equal(parameters, network.parameters () |> Seq.sumBy _.numel())

    let lines =
        [| for entry in state -> entry.Key + " " + String.Join(",", entry.Value.shape) |]
        |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))

    let text = String.Join("\n", lines) + "\n"
    Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text)))

[<Fact>]
let ``layers beyond the deepest tap do not exist`` () =
    use network = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer2)
    let names = network.state_dict().Keys
    Assert.Contains("layer2.1.bn2.running_var", names)
    Assert.DoesNotContain(names, (fun name -> name.StartsWith "layer3" || name.StartsWith "fc"))
    use input = images 1L 32L
    Assert.Throws<ArgumentException>(fun () -> network.call (input, [| BackboneTap.Layer3 |]) |> ignore) |> ignore

[<Theory>]
[<InlineData("resnet18")>]
[<InlineData("resnet50")>]
let ``every tap has the channels and the stride that the architecture states, in the order asked for`` (name: string) =
    use network = filled name BackboneTap.Layer4
    use frozen = torch.no_grad ()
    use input = images 2L 64L
    let taps = Array.rev feature

    for tap, tensor in Array.zip taps (network.call (input, taps)) do
        let side = 64L / int64 (ResNetArchitecture.Stride tap)
        Assert.Equal<int64 array>([| 2L; int64 (network.Architecture.Channels tap); side; side |], tensor.shape)

[<Theory>]
[<InlineData("resnet18")>]
[<InlineData("resnet50")>]
let ``the folded network gives the same features to a relative 1e-5`` (name: string) =
    use network = filled name BackboneTap.Layer4
    use folded = new FrozenBackbone(network)
    use frozen = torch.no_grad ()
    use input = images 2L 64L

    for expected, actual in Array.zip (network.call (input, feature)) (folded.Features(input, feature)) do
        Assert.InRange(ParityFixture.RelativeError(doubles actual, doubles expected), 0.0, 1e-5)

[<Fact>]
let ``frozen features carry no gradient, are contiguous, and serve as targets of a loss`` () =
    use network = filled "resnet18" BackboneTap.Layer2
    use folded = new FrozenBackbone(network)
    use input = images 1L 64L
    let target = folded.Features(input, [| BackboneTap.Layer2 |]) |> Array.exactlyOne
    Assert.False target.requires_grad
    Assert.True(target.is_contiguous ())
    let student = network.call (input, [| BackboneTap.Layer2 |]) |> Array.exactlyOne
    (student - target).square().mean().backward()
    Assert.NotNull(network.parameters () |> Seq.head |> _.grad)

[<Fact>]
let ``features in bfloat16 come as float32 and stay near those in float32`` () =
    use network = filled "resnet18" BackboneTap.Layer3
    use exact = new FrozenBackbone(network)
    use rounded = new FrozenBackbone(network, Precision.BFloat16)
    use input = images 1L 64L
    let taps = [| BackboneTap.Layer1; BackboneTap.Layer3 |]

    for expected, actual in Array.zip (exact.Features(input, taps)) (rounded.Features(input, taps)) do
        Assert.Equal(torch.ScalarType.Float32, actual.dtype)
        Assert.InRange(ParityFixture.RelativeError(doubles actual, doubles expected), 1e-6, 0.1)

[<Fact>]
let ``computing features leaves no tensors behind but the results, and no input is changed`` () =
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
        Assert.Equal(alive, count ())

    Assert.Equal<float array>(before, doubles input)

[<Fact>]
let ``an unknown backbone is a finding that lists the known ones`` () =
    let error = Assert.Throws<InvalidInputException>(fun () -> BackboneCatalog.Find "alexnet" |> ignore)
    Assert.Contains("wide_resnet50_2", error.Message)

let private initial (seed: int64) (owner: string) (deepest: BackboneTap) =
    let network = new ResNet(BackboneCatalog.Find "resnet18", deepest)
    InitialWeights.Torchvision(network, MasterSeed seed, owner)
    network

let private values (network: ResNet) (name: string) = doubles (network.state_dict()[name])

[<Fact>]
let ``initial weights follow from seed, owner and name alone`` () =
    let name = "layer1.0.conv1.weight"
    use first = initial 1L "student" BackboneTap.Layer2
    use again = initial 1L "student" BackboneTap.Layer3
    use otherSeed = initial 2L "student" BackboneTap.Layer2
    use otherOwner = initial 1L "autoencoder" BackboneTap.Layer2
    Assert.Equal<float array>(values first name, values again name)
    Assert.NotEqual<float array>(values first name, values otherSeed name)
    Assert.NotEqual<float array>(values first name, values otherOwner name)
    Assert.NotEqual<float array>(values first name, values first "layer1.0.conv2.weight")

[<Fact>]
let ``initial weights have torchvision's spread`` () =
    use network = initial 3L "student" BackboneTap.Logits

    for name, fanOut in [ "conv1.weight", 64 * 49; "layer3.0.conv1.weight", 256 * 9; "layer3.0.downsample.0.weight", 256 ] do
        let values = values network name
        let deviation = sqrt (Array.averageBy (fun value -> value * value) values)
        Assert.InRange(deviation / sqrt (2.0 / float fanOut), 0.97, 1.03)
        Assert.InRange(Array.average values, -0.1 * deviation, 0.1 * deviation)

    Assert.All(values network "layer2.0.bn1.weight", (fun value -> Assert.Equal(1.0, value)))
    Assert.All(values network "layer2.0.bn1.bias", (fun value -> Assert.Equal(0.0, value)))
    let bound = 1.0 / sqrt 512.0
    Assert.InRange(Array.max (values network "fc.weight"), 0.99 * bound, bound + 1e-7)
    Assert.InRange(Array.min (values network "fc.bias"), -bound - 1e-7, -0.9 * bound)
