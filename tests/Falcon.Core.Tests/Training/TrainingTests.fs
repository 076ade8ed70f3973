module Falcon.Core.Tests.Training.TrainingTests

open Xunit
open TorchSharp
open Falcon.Backbones
open Falcon.Methods
open Falcon.Randomness
open Falcon.Results
open Falcon.Training

[<Theory>]
[<InlineData(4, 0)>]
[<InlineData(5, 1)>]
[<InlineData(100, 20)>]
let ``a fifth of the images is held out, rounded down, and no image is in both parts`` (count: int, held: int) =
    let split = TrainingSplit.Of(count, 0.2, MasterSeed 3L)
    Assert.Equal(held, split.Validation.Count)
    Assert.Equal<int list>([ 0 .. count - 1 ], Seq.append split.Training split.Validation |> Seq.sort |> List.ofSeq)
    Assert.Equal<int seq>(split.Validation, TrainingSplit.Of(count, 0.2, MasterSeed 3L).Validation)

[<Fact>]
let ``the rate drops to a tenth after more than five epochs that are not better, again and again`` () =
    let losses = [| 1.0; 0.5; yield! Array.replicate 12 0.5 |]
    let rate count = PlateauDecay.At(1.0, Array.truncate count losses, 5)
    Assert.Equal(1.0, rate 7, 12)
    Assert.Equal(0.1, rate 8, 12)
    Assert.Equal(0.1, rate 13, 12)
    Assert.Equal(0.01, rate 14, 12)

[<Fact>]
let ``training ends when patience has run out, and not before`` () =
    let plan = TrainingPlan(Patience = 2)
    Assert.False(plan.HasEnough [| 3.0; 2.0; 2.5 |])
    Assert.True(plan.HasEnough [| 3.0; 2.0; 2.5; 2.0 |])
    Assert.False(TrainingPlan.Plain.HasEnough [| 3.0; 4.0; 5.0; 6.0 |])

[<Theory>]
[<InlineData(10, 5, 2)>]
[<InlineData(11, 5, 3)>]
let ``a training that counts steps takes as many passes as they need`` (steps: int64, perEpoch: int, epochs: int) =
    Assert.Equal(epochs, TrainingPlan(Steps = steps).Epochs(100, perEpoch))

let private trained (options: StpmOptions) =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use generator = new torch.Generator(5UL)
    let pixels = torch.rand ([| 5L; 3L; 64L; 64L |], generator = generator)
    use images = TrainingImages.Of(options.TrainingNeeds, teacher, pixels, [ "a"; "b"; "c"; "d"; "e" ])
    use network = options.CreateNetwork(teacher, MasterSeed 3L)
    let losses = Trainer.Train(options, network, images, MasterSeed 3L)
    use map = network.Map pixels
    losses, map.data<float32>().ToArray()

[<Fact>]
let ``the weights kept are those of the epoch that did best on the images held out`` () =
    let options = StpmOptions(InputSize = 64, Epochs = 4, BatchSize = 2)
    let losses, best = trained options

    let validation =
        losses
        |> Seq.map (Seq.pick (fun struct (name, value) -> if name = "validation.loss" then Some value else None))
        |> List.ofSeq

    let epoch = 1 + List.findIndex ((=) (List.min validation)) validation
    Assert.Equal<float32[]>(snd (trained (options.With(Checkpoint = CheckpointRule.FixedEpoch epoch))), best)

[<Fact>]
let ``the weights of a fixed epoch are those of a training that ends there`` () =
    let options = StpmOptions(InputSize = 64, Epochs = 3, BatchSize = 2, Checkpoint = CheckpointRule.FixedEpoch 2)
    let _, kept = trained options
    Assert.Equal<float32[]>(snd (trained (options.With(Epochs = 2, Checkpoint = CheckpointRule.LastEpoch()))), kept)
