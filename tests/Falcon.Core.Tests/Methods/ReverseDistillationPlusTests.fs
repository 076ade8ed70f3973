module Falcon.Core.Tests.Methods.ReverseDistillationPlusTests

open System
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests
open Falcon.Training
open Falcon.Weights
open TorchSharp

let private options = ReverseDistillationPlusOptions(InputSize = InputSize(128, 96), Backbone = "resnet18", BatchSize = 2)

let private draw count (stream: RandomStream) size =
    [ for _ in 1..count -> NoiseRectangle.Draw(size, Func<_, _, _>(fun low high -> stream.NextInt(low, high))) ]

let private differing (a: torch.Tensor) (b: torch.Tensor) = a.ne(b).any().ToBoolean()

/// What the optimisers do on each of some batches: the number of the update, or none.
let private updates (options: ReverseDistillationPlusOptions) epochs batches =
    [ for epoch in 0 .. epochs - 1 do
          for batch in 0 .. batches - 1 -> Option.ofNullable (options.UpdateAfter(TrainingMoment(epoch, epochs, batch, batches))) ]

/// Trains on two black images for a step, with the features of noise that the training draws.
let private noisedOf (options: ReverseDistillationPlusOptions) seed epoch (names: string list) =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)

    let pixels = torch.zeros (int64 names.Length, 3L, int64 options.InputSize.Height, int64 options.InputSize.Width)

    use images = TrainingImages.Of(options.TrainingNeeds, teacher, pixels, names)
    use draws = new TrainingDraws(options, teacher, images, MasterSeed seed)
    let batch = [| 0 .. names.Length - 1 |]
    (draws.Noised(TrainingMoment(epoch, 9, 0, 1), ReadOnlySpan batch))[BackboneTap.Layer1]

[<Tests>]
let tests =
    testList
        "RD++"
        [ testTheory
              "noise lies within the image, up to an eighth of each side"
              [ InputSize(256, 256); InputSize(320, 96); InputSize(32, 64) ]
              (fun (size: InputSize) ->
                  for rectangle in draw 300 (RandomStream 3UL) size do
                      Expect.isBetween rectangle.Height 10 (max 10 (size.Height / 8 - 1)) "height"
                      Expect.isBetween rectangle.Width 10 (max 10 (size.Width / 8 - 1)) "width"
                      Expect.isBetween rectangle.Top 1 (size.Height - rectangle.Height - 1) "top"
                      Expect.isBetween rectangle.Left 1 (size.Width - rectangle.Width - 1) "left")
          test "only the pixels of the rectangle change, and the image that was given does not" {
              use _ = torch.NewDisposeScope()
              let image = torch.zeros (3L, 64L, 96L)
              let noise = torch.tensor(SimplexNoise(5L).Block(12, 20)).reshape(3L, 12L, 20L)
              let noised = NoiseRectangle(7, 30, 10, 18).Paste(image, noise)
              let changed = noised.ne (image)
              Expect.equal (image.count_nonzero().ToInt64()) 0L "the image"
              let inside = changed.narrow(1, 7L, 10L).narrow(2, 30L, 18L)
              Expect.isGreaterThan (inside.sum().ToInt64()) 500L "pixels changed within"
              Expect.equal (changed.sum().ToInt64()) (inside.sum().ToInt64()) "pixels changed"
          }
          test "a seed gives one noise, and another seed another one" {
              let block (seed: int64) = SimplexNoise(seed).Block(9, 11)
              Expect.equal (block 7L) (block 7L) "the same seed"
              Expect.notEqual (block 7L) (block 8L) "another seed"
              Expect.equal (Seq.sort (SimplexNoise(-7L).Permutation) |> List.ofSeq) [ 0..255 ] "a permutation"
              Expect.isTrue (block 7L |> Array.forall (fun value -> abs value < 3.0f)) "size of the values"
          }
          test "noise follows from seed, image and epoch, whatever else is in the batch" {
              use _ = torch.NewDisposeScope()
              let one = noisedOf options 4L 2 [ "a"; "b" ]
              let other = noisedOf options 4L 2 [ "b"; "a" ]
              Expect.isTrue (torch.allclose (one[0], other[1], 1e-5, 1e-5)) "in another order"
              Expect.isTrue (differing one[0] one[1]) "another image"
              Expect.isTrue (differing one (noisedOf options 4L 3 [ "a"; "b" ])) "another epoch"
              Expect.isTrue (differing one (noisedOf options 5L 2 [ "a"; "b" ])) "another seed"

              let image = ReverseDistillationPlusOptions(options, NoiseField = NoiseField.Image)
              Expect.isTrue (differing one (noisedOf image 4L 2 [ "a"; "b" ])) "a field of its own"
          }
          test
              "the optimisers step after every second batch, across epochs or within them, and after each where there is one batch an epoch" {
              let both = ReverseDistillationPlusOptions()
              Expect.equal (updates both 2 3) [ None; Some 1L; None; Some 2L; None; Some 3L ] "across epochs"
              Expect.equal (updates both 3 1) [ Some 1L; Some 2L; Some 3L ] "one batch an epoch"
              Expect.equal (updates (ReverseDistillationPlusOptions(Accumulation = 2)) 4 1) [ None; Some 1L; None; Some 2L ] "as it is set"

              Expect.equal
                  (updates (ReverseDistillationPlusOptions(BatchCounting = BatchCounting.PerEpoch)) 2 3)
                  [ None; Some 1L; None; None; Some 2L; None ]
                  "within epochs"
          }
          test "a training that would never take a step is refused" {
              let options = ReverseDistillationPlusOptions(options, Accumulation = 2, BatchCounting = BatchCounting.PerEpoch)

              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use network = options.CreateNetwork(teacher, MasterSeed 1L)
              use images = TrainingImages.Of(options.TrainingNeeds, teacher, torch.zeros (2L, 3L, 96L, 128L), [ "a"; "b" ])

              let refused = raised<InvalidInputException>(fun () -> network.StartTraining(images, MasterSeed 1L) |> ignore)

              Expect.stringContains refused.Message "no step" "message"
          }
          test "one gradient of two batches is two gradients added up" {
              use _ = torch.NewDisposeScope()
              let start = torch.tensor ([| 1.0; -2.0; 3.0 |], dtype = torch.ScalarType.Float64)

              let step (optimiser: #Optimiser) (parameter: Modules.Parameter) (gradients: float list) =
                  optimiser.ZeroGradients()
                  parameter.mul(torch.tensor (Array.ofList gradients, dtype = torch.ScalarType.Float64)).sum().backward()
                  optimiser.LearningRate <- 0.1
                  optimiser.Step()

              use one = new Modules.Parameter(start.clone ())
              use other = new Modules.Parameter(start.clone ())
              use summed = new AccumulatingAdam(options, [ one ])
              use plain = new AdamOptimiser([ other ], options.Beta1, options.Beta2)

              for update, first, second in [ 1L, [ 1.0; 0.5; -2.0 ], [ 2.0; 0.5; 3.0 ]; 2L, [ -4.0; 0.0; 1.0 ], [ 1.0; 0.5; 0.0 ] ] do
                  summed.NextUpdate <- Nullable()
                  let before = one.clone ()
                  step summed one first
                  Expect.isFalse (differing before one) "nothing changes after the first batch"
                  summed.NextUpdate <- Nullable update
                  step summed one second
                  step plain other (List.map2 (+) first second)
                  Expect.isFalse (differing one other) $"update {update}"
          }
          test "a batch is no further from itself in another order, and two points are half their squared distance apart" {
              use _ = torch.NewDisposeScope()
              use generator = new torch.Generator(2UL)
              let points = torch.rand ([| 4L; 9L |], generator = generator, dtype = torch.ScalarType.Float64)
              points.requires_grad <- true
              let order = torch.tensor [| 2L; 0L; 3L; 1L |]
              let itself = SinkhornDivergence.Of(points, points.index_select (0, order))
              itself.backward ()
              Expect.floatClose (within 1e-9) (itself.ToDouble()) 0.0 "the divergence"
              Expect.floatClose (within 1e-9) ((nonNull points.grad).abs().max().ToDouble()) 0.0 "its gradient"

              let x, y = points.detach().narrow(0, 0L, 1L), points.detach().narrow(0, 1L, 1L)

              Expect.floatClose
                  (within 1e-9)
                  (SinkhornDivergence.Of(x, y).ToDouble())
                  ((x - y).square().sum().ToDouble() / 2.0)
                  "two points"
          }
          test "the authors' file holds projections, bottleneck and decoder" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use trained = options.CreateNetwork(teacher, MasterSeed 2L)

              let named =
                  function
                  | "student" -> "decoder."
                  | prefix -> $"{prefix}."

              let stored =
                  [| for struct (prefix, part) in trained.Parts do
                         yield! StateDict.Tensors(part, named prefix) |]

              SafetensorsWriter.Write(folder.File "wres50_bottle.safetensors", stored)
              use file = WeightFile.Open(folder.File "wres50_bottle.safetensors")
              use adopting = options.CreateNetwork(teacher, MasterSeed 3L)
              adopting.Adopt [| file |]

              for struct (_, one), struct (_, other) in Seq.zip trained.Parts adopting.Parts do
                  for a, b in Seq.zip (one.state_dict ()) (other.state_dict ()) do
                      Expect.isFalse (differing a.Value b.Value) a.Key
          } ]
