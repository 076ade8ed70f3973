/// What PCSNet's fixtures do not pin.
module Falcon.Core.Tests.Methods.PcsNetTests

open Expecto
open Falcon.Tests
open TorchSharp
open Falcon.Backbones
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training

let private small =
    PcsNetOptions(
        InputSize = 64,
        ShorterSide = System.Nullable(),
        BatchSize = 2,
        Backbone = "resnet18",
        Grid = 8,
        SegmentationChannels = 16,
        Bins = PyramidBins(6, 4, 3, 2)
    )

let private random (shape: int64 list) =
    use generator = new torch.Generator(5UL)
    torch.rand (Array.ofList shape, generator = generator)

let private number (tensor: torch.Tensor) = tensor.``to``(torch.float64).ToDouble()

let private difference (a: torch.Tensor) (b: torch.Tensor) = (a - b).abs().max() |> number

/// The losses of a first step on two images, and the prototypes that it made.
let private firstStep (options: PcsNetOptions) (images: torch.Tensor) (batch: int list) =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use network = options.CreateNetwork(teacher, MasterSeed 3L) :?> PcsNetNetwork
    use images = TrainingImages.Of(options.TrainingNeeds, teacher, images, [ for i in 1L .. images.shape[0] -> $"{i}" ])
    network.Train true
    use run = network.StartTraining(images, MasterSeed 3L)

    let step = run.Step(TrainingMoment(0, 1, 0, 1), System.ReadOnlySpan(Array.ofList batch), StepClock())
    let losses = dict [ for struct (name, value) in step -> name, value ]

    losses, network.Adaptor.Prototypes.clone().MoveToOuterDisposeScope()

[<Tests>]
let tests =
    testList
        "PCSNet"
        [ test "the sum before a layer's closing ReLU is a tap, which rectified is the layer's" {
              use _ = torch.NewDisposeScope()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let images = random [ 2L; 3L; 64L; 64L ]

              let taps =
                  [| BackboneTap.Layer2Sum
                     BackboneTap.Layer2
                     BackboneTap.Layer1Sum
                     BackboneTap.Layer1
                     BackboneTap.Layer3Sum |]

              let features = teacher.Features(images, taps)
              let plain = teacher.Features(images, [| BackboneTap.Layer1; BackboneTap.Layer2; BackboneTap.Layer3 |])

              for sum, layer in
                  [ features[0], plain[1]
                    features[1], plain[1]
                    features[2], plain[0]
                    features[3], plain[0]
                    features[4], plain[2] ] do
                  Expect.equal (difference (sum.relu ()) layer) 0.0 "rectified"

              for sum in [ features[0]; features[2]; features[4] ] do
                  Expect.isLessThan (sum.min () |> number) 0.0 "negative values"

              Expect.equal (difference (teacher.Features(images, [| BackboneTap.Layer2Sum |])[0]) features[0]) 0.0 "alone"
          }
          test "the nearest prototypes are those of all distances, whatever the blocks" {
              use _ = torch.NewDisposeScope()
              use _ = torch.no_grad ()
              use adaptor = new PrototypeAdaptor([| 8; 4 |], false, 24)
              adaptor.Prototypes.copy_ (random [ 12L; 576L ]) |> ignore
              let description = random [ 2L; 12L; 24L; 24L ] * torch.tensor 2.0
              let all = torch.cdist (description.flatten(2L).transpose(1L, 2L), adaptor.Prototypes.t().unsqueeze 0L)
              let struct (expected, _) = all.sort 2L
              Expect.isLessThan (difference (adaptor.Nearest(description, 9L).Distances) (expected.narrow (2L, 0L, 9L))) 1e-4 "distances"
          }
          testTheory "the gradient of distances is that of all distances, however many are asked for" [ 3; 40 ] (fun (count: int) ->
              use _ = torch.NewDisposeScope()
              use adaptor = new PrototypeAdaptor([| 8; 4 |], false, 24)

              adaptor.``to`` torch.float64 |> ignore
              adaptor.Prototypes.copy_ (random [ 12L; 576L ]) |> ignore
              let description = (random [ 2L; 12L; 24L; 24L ] * torch.tensor 2.0).``to`` torch.float64
              let weights = (random [ 2L; 576L; int64 count ]).``to`` torch.float64
              let ours = adaptor.Gradient(description, adaptor.Nearest(description, count), weights)

              let positions = description.detach().requires_grad_(true)
              let all = torch.cdist (positions.flatten(2L).transpose(1L, 2L), adaptor.Prototypes.t().unsqueeze 0L)
              let struct (nearest, _) = all.sort 2L
              (nearest.narrow (2L, 0L, int64 count) * weights).sum().backward()
              Expect.isLessThan (difference ours (nonNull positions.grad)) 1e-9 "gradient")
          test "a description that is a prototype has a finite gradient" {
              use _ = torch.NewDisposeScope()
              use adaptor = new PrototypeAdaptor([| 8; 4 |], false, 4)
              let description = adaptor.Prototypes.reshape(1L, 12L, 4L, 4L).detach()
              let near = adaptor.Nearest(description, 3L)
              Expect.isTrue (near.Distances.isfinite().all().ToBoolean()) "distances"
              let gradient = adaptor.Gradient(description, near, torch.ones_like near.Distances)
              Expect.isTrue (gradient.isfinite().all().ToBoolean()) "gradient"
          }
          test "no pasted position and no other image cost nothing" {
              use _ = torch.NewDisposeScope()
              let nearest = random [ 2L; 16L; 5L ] * torch.tensor 1e-3
              let radius = torch.ones 1L * torch.tensor 1e-5
              let loss (mask: torch.Tensor) = PcsNetLosses.Pasted(nearest, mask, radius, 0.2) |> number
              Expect.equal (loss (torch.zeros [| 2L; 1L; 4L; 4L |])) 0.0 "no patch"

              Expect.floatClose
                  Accuracy.low
                  (loss (torch.ones [| 2L; 1L; 4L; 4L |]))
                  ((0.04 - number (nearest.narrow(2L, 0L, 3L).mean())) * 1e3)
                  "all pasted"

              let scores = torch.tensor [| 1f; 2f |]
              Expect.equal (PcsNetLosses.Disparity(scores, [| true; true |]) |> number) 0.0 "all pasted"
              Expect.equal (PcsNetLosses.Disparity(scores, [| false; false |]) |> number) 0.0 "none"
              Expect.floatClose Accuracy.low (PcsNetLosses.Disparity(scores, [| false; true |]) |> number) (log (1.0 + exp -1.0)) "one"
          }
          test "a patch that is too small for the grid counts as none there" {
              use _ = torch.NewDisposeScope()
              let mask = torch.zeros [| 1L; 1L; 64L; 64L |]
              mask[0, 0, 20, 20] <- torch.tensor 1f
              let gridMask = AreaFilter.Resize(mask, 4, 4)
              Expect.isBetween (gridMask.max () |> number) 1e-4 0.5 "what is left of it"
              use radius = torch.tensor([| 1f |]).requires_grad_ true
              let loss = PcsNetLosses.Pasted(torch.zeros [| 1L; 16L; 3L |], gridMask, radius, 0.2)
              loss.backward ()
              Expect.equal (number loss, number (nonNull radius.grad)) (0.0, 0.0) "loss and gradient"
          }
          test "a single image is seen as a good one and with a patch, also where it lies on its prototypes" {
              use _ = torch.NewDisposeScope()
              let losses, _ = firstStep small (random [ 1L; 3L; 64L; 64L ]) [ 0 ]
              Expect.isGreaterThan losses["disparity"] 0.0 "disparity"
              Expect.all losses.Values System.Double.IsFinite "losses"
          }
          testTheory
              "an image counts as anomalous neither where all is background, so that no patch is pasted, nor where a patch changes nothing"
              [ System.Nullable 115.0; System.Nullable() ]
              (fun background ->
                  use _ = torch.NewDisposeScope()
                  let plain = torch.zeros [| 2L; 3L; 64L; 64L |]
                  let options = PcsNetOptions(small, Background = background, BackgroundTolerance = 60.0)
                  let losses, _ = firstStep options plain [ 0; 1 ]
                  Expect.equal (losses["disparity"], losses["far"]) (0.0, 0.0) "losses")
          testTheory
              "the segmentation sees the distances of every image of the mixed batch, turning parts or not"
              [ true; false ]
              (fun rotating ->
                  use _ = torch.NewDisposeScope()

                  let losses, _ =
                      firstStep (PcsNetOptions(small, Rotating = rotating, Neighbours = 20)) (random [ 3L; 3L; 64L; 64L ]) [ 2; 0; 1 ]

                  Expect.isGreaterThan losses["segmentation"] 0.0 "segmentation"
                  Expect.all losses.Values System.Double.IsFinite "losses")
          test "a network whose map is constant gives a constant map, not NaN" {
              use _ = torch.NewDisposeScope()
              use _ = torch.no_grad ()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use network = small.CreateNetwork(teacher, MasterSeed 3L) :?> PcsNetNetwork
              network.Train false
              (nonNull (network.Segmentation.get_parameter "cls.3.weight")).fill_ 0.0 |> ignore
              let features = new TeacherFeatures(PcsNetOptions.Taps, teacher.Features(random [ 1L; 3L; 64L; 64L ], PcsNetOptions.Taps))
              let map = network.Map(NetworkInput(null, features))
              Expect.isTrue (difference map (map.mean ()) < 1e-6) "map"
          }
          test "prototypes may come from batch norms with the statistics of each batch" {
              use _ = torch.NewDisposeScope()
              let images = random [ 2L; 3L; 64L; 64L ]

              let prototypes statistics =
                  firstStep (PcsNetOptions(small, PrototypeStatistics = statistics)) (images.clone ()) [ 0; 1 ] |> snd

              let running, batch = prototypes PrototypeStatistics.Running, prototypes PrototypeStatistics.Batch
              Expect.isGreaterThan (difference running batch) 0.01 "prototypes"
          }
          test "a mask at another size keeps its share, and at its own its values" {
              use _ = torch.NewDisposeScope()
              let mask = (random [ 1L; 1L; 60L; 90L ]).gt(torch.tensor 0.7).``to`` torch.float32
              Expect.isLessThan (difference (AreaFilter.Resize(mask, 60, 90)) mask) 1e-6 "same size"
              Expect.isLessThan (difference (AreaFilter.Resize(mask, 20, 30).mean()) (mask.mean ())) 0.01 "share"

              Expect.isLessThan
                  (difference (AreaFilter.Resize(torch.ones [| 1L; 1L; 9L; 7L |], 4, 5)) (torch.ones [| 1L; 1L; 4L; 5L |]))
                  1e-6
                  "ones"
          }
          test "the segmentation of a wide teacher is as large as the public code's" {
              use _ = torch.NewDisposeScope()
              use network = new SegmentationNetwork(896, 200, PcsNetOptions().Bins)
              let parameters = network.parameters () |> Seq.sumBy _.numel()
              Expect.isTrue (parameters > 115_000_000L && parameters < 125_000_000L) $"{parameters} parameters"
          }
          test "every published category has possible settings, an unknown one the defaults" {
              let mvtec = "bottle zipper capsule screw hazelnut pill metal_nut toothbrush cable transistor carpet grid leather tile wood"

              let mpdd = "bracket_black bracket_brown bracket_white connector metal_plate tubes"

              for category in $"{mvtec} {mpdd}".Split ' ' do
                  Expect.isEmpty (PcsNetOptions.ForCategory(category).Check()) category

              Expect.equal (PcsNetOptions.ForCategory "flange") (PcsNetOptions()) "an unknown category"
              let grid = PcsNetOptions.ForCategory "grid"
              Expect.equal (grid.Rotating, grid.Patches, grid.PatchColumns) (true, 3, ExtentBounds(0.01, 0.1)) "grid"
          }
          test "impossible options are all reported at once" {
              let options =
                  PcsNetOptions(
                      Patches = 0,
                      Grid = 2,
                      Neighbours = 2,
                      PrototypeEpochs = 0,
                      SegmentationChannels = 1793,
                      Bins = PyramidBins(0, 1, 1, 1),
                      SegmentationLearningRate = 0.0,
                      Margin = -1.0
                  )

              Expect.equal
                  [ for finding in options.Check() -> finding.Where.Split(' ') |> Array.last ]
                  [ "Patches"
                    "Grid"
                    "Neighbours"
                    "PrototypeEpochs"
                    "SegmentationChannels"
                    "Bins"
                    "SegmentationLearningRate"
                    "Margin" ]
                  "findings"
          } ]
