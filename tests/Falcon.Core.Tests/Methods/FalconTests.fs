module Falcon.Core.Tests.Methods.FalconTests

open System
open System.Text.Json
open Xunit
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Falcon.Backbones
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training

/// A mask with a filled rectangle, as if the activation maps had seen an object there.
let private objectMask width height top bottom left right =
    let inside i = i / width >= top && i / width < bottom && i % width >= left && i % width < right
    ObjectMask.FromEnsemble(Array.init (width * height) (fun i -> if inside i then 0.9f else 0.1f), width, height)

let private pixels width height = Array.init (3 * width * height) float32

[<Fact>]
let ``patches stay within the image and start on the object`` () =
    let property (seed: int) =
        let mask = objectMask 96 64 10 50 20 70
        let stream = MasterSeed(int64 seed).Stream "noise"

        NoiseSampler(fun low high -> stream.NextInt(low, high)).Draw mask
        |> Seq.forall (fun patch ->
            let target = patch.Target(96, 64)

            mask.Mask.Pixels[patch.CentreY * 96 + patch.CentreX] = 1uy
            && target.Top >= 0
            && target.Left >= 0
            && target.Bottom <= 64
            && target.Right <= 96
            && patch.SourceY >= 0
            && patch.SourceX >= 0)

    Check.One(Config.QuickThrowOnFailure, property)

[<Fact>]
let ``noise changes the image only under its patches and never touches the clean image`` () =
    let property (seed: int) =
        let mask = objectMask 96 64 10 50 20 70
        let stream = MasterSeed(int64 seed).Stream "noise"
        let patches = NoiseSampler(fun low high -> stream.NextInt(low, high)).Draw mask |> Array.ofSeq
        let clean = pixels 96 64
        let noised = NoisedImage.Paste(clean, 96, 64, patches)

        let covered y x =
            patches
            |> Array.exists (fun p -> let t = p.Target(96, 64) in y >= t.Top && y < t.Bottom && x >= t.Left && x < t.Right)

        clean = pixels 96 64
        && noised.Pixels
           |> Seq.indexed
           |> Seq.forall (fun (i, value) ->
               let p = i % (96 * 64)
               value = clean[i] || covered (p / 96) (p % 96))

    Check.One(Config.QuickThrowOnFailure, property)

[<Fact>]
let ``an image without an object gets no noise`` () =
    let mask = ObjectMask.FromEnsemble(Array.create (64 * 64) 0.0f, 64, 64)
    Assert.Empty mask.Pixels
    Assert.Empty(NoiseSampler(fun low _ -> low).Draw mask)

[<Fact>]
let ``flat features have no activation map instead of NaN`` () =
    use features = torch.ones ([| 8L; 4L; 4L |])
    let cam = ClassActivationMap.Of features
    Assert.All(cam.Map.data<float>(), fun value -> Assert.Equal(0.0, value))

[<Fact>]
let ``covering marks every cell that a thin line touches, rounding down may mark none`` () =
    let line = NoisePatch(NoisePatterns.Line, 0, 32, 30, 3, 20, true, 0, 0)
    let marked rounding = NoisedImage.Paste(pixels 64 64, 64, 64, [ line ], rounding).Mask |> Array.sumBy int
    Assert.Equal(0, marked MaskRounding.Floor)
    Assert.Equal(6, marked MaskRounding.Cover)

[<Fact>]
let ``impossible options are all reported at once`` () =
    let findings = FalconOptions(InputSize = 100, Epochs = 0, NoiseWeight = -1.0).Check() |> List.ofSeq
    Assert.Equal<string list>([ "InputSize"; "Epochs"; "NoiseWeight" ], findings |> List.map (fun f -> f.Where.Split(' ') |> Array.last))

[<Fact>]
let ``options survive JSON as the method they are`` () =
    let options: MethodOptions =
        FalconOptions(Epochs = 7, CamWeights = CamWeights(1.0, 0.5, 0.0), Patterns = NoisePatterns.Line)

    let json = JsonSerializer.Serialize options
    Assert.Contains("\"method\":\"falcon\"", json)
    Assert.Equal(options, JsonSerializer.Deserialize<MethodOptions> json)

let private train (options: FalconOptions) seed =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use generator = new torch.Generator(5UL)
    let pixels = torch.rand ([| 2L; 3L; 64L; 64L |], generator = generator)
    use images = TrainingImages.Of(options.TrainingNeeds, teacher, pixels, [ "a"; "b" ])
    use network = options.CreateNetwork(teacher, MasterSeed seed)
    let losses = Trainer.Train(options, network, images, MasterSeed seed)
    use map = network.Map pixels
    losses |> Seq.map (Seq.map (fun struct (_, value) -> value) >> List.ofSeq) |> List.ofSeq, map.data<float32>().ToArray()

[<Fact>]
let ``training twice with one seed gives identical bits, another seed does not`` () =
    let options = FalconOptions(InputSize = 64, Epochs = 2)
    let losses, map = train options 3L
    let again, mapAgain = train options 3L
    Assert.Equal<float list list>(losses, again)
    Assert.Equal<float32[]>(map, mapAgain)
    Assert.NotEqual<float32[]>(map, snd (train options 4L))

[<Theory>]
[<InlineData(100, 50)>]
[<InlineData(5, 2)>]
[<InlineData(1, 1)>]
let ``both learning rates halve every half of the epochs`` (epochs: int, half: int) =
    let options = FalconOptions(Epochs = epochs)
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use network = new FalconNetwork(options, teacher, MasterSeed 0L)
    use optimiser = new FalconOptimiser(network, options)

    for epoch in 0 .. epochs - 1 do
        Assert.Equal(3e-4 * Math.Pow(0.5, float (epoch / half)), optimiser.LearningRate(TrainingMoment(epoch, epochs, 0, 1)), 12)

[<Theory>]
[<InlineData("views")>]
[<InlineData("pool")>]
[<InlineData("area")>]
[<InlineData("batch")>]
let ``every option trains to finite losses`` (variant: string) =
    let options =
        match variant with
        | "views" -> FalconOptions(AugmentedViews = true)
        | "pool" -> FalconOptions(NoisePool = 3)
        | "area" ->
            FalconOptions(
                MaskResizing = MaskResizing.Area,
                MaskRounding = MaskRounding.Cover,
                CamWeights = CamWeights(0.0, 1.0, 0.0),
                MapPadding = 4
            )
        | _ -> FalconOptions(BatchSize = 2)

    let losses, map = train (options.With(InputSize = 64, Epochs = 1)) 3L
    Assert.All(List.concat losses, fun loss -> Assert.True(Double.IsFinite loss && loss > 0.0))
    Assert.Equal((if options.MapPadding = 0 then 2 * 4 * 4 else 2 * 12 * 12), map.Length)
