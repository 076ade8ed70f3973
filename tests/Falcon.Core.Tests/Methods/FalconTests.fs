module Falcon.Core.Tests.Methods.FalconTests

open System
open System.Text.Json
open Expecto
open Falcon.Tests
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

let private train (options: FalconOptions) seed =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use generator = new torch.Generator(5UL)
    let pixels = torch.rand ([| 2L; 3L; 64L; 64L |], generator = generator)
    use images = TrainingImages.Of(options.TrainingNeeds, teacher, pixels, [ "a"; "b" ])
    use network = options.CreateNetwork(teacher, MasterSeed seed)
    let losses = network.Learn(options.Plan, images, MasterSeed seed)
    use map = network.Map pixels
    losses |> Seq.map (Seq.map (fun struct (_, value) -> value) >> List.ofSeq) |> List.ofSeq, map.data<float32>().ToArray()

[<Tests>]
let tests =
    testList
        "FALCON"
        [ testProperty "patches stay within the image and start on the object" (fun (seed: int) ->
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
                  && patch.SourceX >= 0))
          testProperty "noise changes the image only under its patches and never touches the clean image" (fun (seed: int) ->
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
                     value = clean[i] || covered (p / 96) (p % 96)))
          test "an image without an object gets no noise" {
              let mask = ObjectMask.FromEnsemble(Array.create (64 * 64) 0.0f, 64, 64)
              Expect.isEmpty mask.Pixels "pixels of mask"
              Expect.isEmpty (NoiseSampler(fun low _ -> low).Draw mask) "noise sampler draw mask"
          }
          test "flat features have no activation map instead of NaN" {
              use features = torch.ones ([| 8L; 4L; 4L |])
              let cam = ClassActivationMap.Of features

              for value in cam.Map.data<float>() do
                  Expect.equal value 0.0 "activation"
          }
          test "covering marks every cell that a thin line touches, rounding down may mark none" {
              let line = NoisePatch(NoisePatterns.Line, 0, 32, 30, 3, 20, true, 0, 0)
              let marked rounding = NoisedImage.Paste(pixels 64 64, 64, 64, [ line ], rounding).Mask |> Array.sumBy int
              Expect.equal (marked MaskRounding.Floor) 0 "marked floor"
              Expect.equal (marked MaskRounding.Cover) 6 "marked cover"
          }
          test "impossible options are all reported at once" {
              let findings = FalconOptions(InputSize = 100, Epochs = 0, NoiseWeight = -1.0).Check() |> List.ofSeq

              Expect.equal
                  (findings |> List.map (fun f -> f.Where.Split(' ') |> Array.last))
                  [ "InputSize"; "Epochs"; "NoiseWeight" ]
                  "findings"
          }
          test "options survive JSON as the method they are" {
              let options: MethodOptions =
                  FalconOptions(Epochs = 7, CamWeights = CamWeights(1.0, 0.5, 0.0), Patterns = NoisePatterns.Line)

              let json = JsonSerializer.Serialize options
              Expect.stringContains json "\"method\":\"falcon\"" "json"
              Expect.equal (JsonSerializer.Deserialize<MethodOptions> json) options "value from JSON json"
          }
          test "training twice with one seed gives identical bits, another seed does not" {
              let options = FalconOptions(InputSize = 64, Epochs = 2)
              let losses, map = train options 3L
              let again, mapAgain = train options 3L
              Expect.equal again losses "again"
              Expect.equal mapAgain map "map again"
              Expect.notEqual (snd (train options 4L)) map "train options"
          }
          testTheory "both learning rates halve every half of the epochs" [ 100, 50; 5, 2; 1, 1 ] (fun (epochs: int, half: int) ->
              let options = FalconOptions(Epochs = epochs)
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use network = new FalconNetwork(options, teacher, MasterSeed 0L)
              use optimiser = new FalconOptimiser(network, options)

              for epoch in 0 .. epochs - 1 do
                  Expect.floatClose
                      (within 5e-13)
                      (optimiser.LearningRate(TrainingMoment(epoch, epochs, 0, 1)))
                      (3e-4 * Math.Pow(0.5, float (epoch / half)))
                      "optimiser learning rate training moment epoch")
          testTheory "every option trains to finite losses" [ "views"; "pool"; "area"; "batch" ] (fun (variant: string) ->
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

              let losses, map = train (FalconOptions(options, InputSize = 64, Epochs = 1)) 3L

              for loss in List.concat losses do
                  Expect.isTrue (Double.IsFinite loss && loss > 0.0) "finite loss 0.0"

              Expect.equal map.Length (if options.MapPadding = 0 then 2 * 4 * 4 else 2 * 12 * 12) "number of map values") ]
