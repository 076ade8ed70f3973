module Falcon.Core.Tests.Training.TrainingTests

open Expecto
open Falcon
open Falcon.Protocol
open Falcon.Tests
open TorchSharp
open Falcon.Backbones
open Falcon.Methods
open Falcon.Randomness
open Falcon.Results
open Falcon.Training

let private trained (options: MethodOptions) =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use generator = new torch.Generator(5UL)
    let pixels = torch.rand ([| 5L; 3L; 64L; 64L |], generator = generator)
    use images = TrainingImages.Of(options.TrainingNeeds, teacher, pixels, [ "a"; "b"; "c"; "d"; "e" ])
    use network = options.CreateNetwork(teacher, MasterSeed 3L)
    let losses = network.Learn(options.Plan, images, MasterSeed 3L)
    use map = network.Map pixels
    losses, map.data<float32>().ToArray()

[<Tests>]
let tests =
    testList
        "Training"
        [ testTheory
              "a fifth of the images is held out, rounded down, and no image is in both parts"
              [ 4, 0; 5, 1; 100, 20 ]
              (fun (count: int, held: int) ->
                  let split = TrainingSplit.Of(count, 0.2, MasterSeed 3L)
                  Expect.equal split.Validation.Count held "number of split validation"

                  Expect.equal
                      (Seq.append split.Training split.Validation |> Seq.sort |> List.ofSeq)
                      [ 0 .. count - 1 ]
                      "append split training validation"

                  Expect.sequenceEqual
                      (TrainingSplit.Of(count, 0.2, MasterSeed 3L).Validation)
                      split.Validation
                      "training split count 0.2 seed validation")
          test "the rate drops to a tenth after more than five epochs that are not better, again and again" {
              let losses = [| 1.0; 0.5; yield! Array.replicate 12 0.5 |]
              let rate count = PlateauDecay.At(1.0, Array.truncate count losses, 5)
              Expect.floatClose (within 5e-13) (rate 7) 1.0 "rate 7"
              Expect.floatClose (within 5e-13) (rate 8) 0.1 "rate 8"
              Expect.floatClose (within 5e-13) (rate 13) 0.1 "rate 13"
              Expect.floatClose (within 5e-13) (rate 14) 0.01 "rate 14"
          }
          test "training ends when patience has run out, and not before" {
              let plan = TrainingPlan(10, 1, Patience = 2)
              Expect.isFalse (plan.HasEnough [| 3.0; 2.0; 2.5 |]) "plan has enough 3.0 2.0 2.5"
              Expect.isTrue (plan.HasEnough [| 3.0; 2.0; 2.5; 2.0 |]) "plan has enough 3.0 2.0 2.5"
              Expect.isFalse (TrainingPlan(10, 1).HasEnough [| 3.0; 4.0; 5.0; 6.0 |]) "has enough 3.0 4.0 5.0 6.0"
          }
          testTheory
              "a training that counts steps takes as many passes as they need"
              [ 10L, 5, 2; 11L, 5, 3 ]
              (fun (steps: int64, perEpoch: int, epochs: int) ->
                  Expect.equal (TrainingPlan(100, 1, Steps = steps).Passes perEpoch) epochs "training plan steps epochs 100 per")
          test "the weights kept are those of the epoch that did best on the images held out" {
              let options = StpmOptions(InputSize = 64, Epochs = 4, BatchSize = 2)
              let losses, best = trained options

              let validation =
                  losses
                  |> Seq.map (Seq.pick (fun struct (name, value) -> if name = "validation.loss" then Some value else None))
                  |> List.ofSeq

              let epoch = 1 + List.findIndex ((=) (List.min validation)) validation
              Expect.equal best (snd (trained (StpmOptions(options, Checkpoint = CheckpointRule.FixedEpoch epoch)))) "best"
          }
          test "the weights of a fixed epoch are those of a training that ends there" {
              let options = StpmOptions(InputSize = 64, Epochs = 3, BatchSize = 2, Checkpoint = CheckpointRule.FixedEpoch 2)
              let _, kept = trained options
              Expect.equal kept (snd (trained (StpmOptions(options, Epochs = 2, Checkpoint = CheckpointRule.LastEpoch())))) "kept"
          }
          testTheory
              "a training whose loss is no number ends with the loss, the epoch and what to do"
              [ StpmOptions(InputSize = 64, Epochs = 3, BatchSize = 2, LearningRate = 1e30) :> MethodOptions, "loss' is NaN"
                FalconOptions(InputSize = 64, Epochs = 3, LearningRate = 1e30), "student_clean' is Infinity" ]
              (fun (options: MethodOptions, loss: string) ->
                  let error = raised<InvalidInputException>(fun () -> trained options |> ignore)
                  Expect.equal error.Findings[0].What $"has diverged: the loss '{loss} in epoch 1 of 3" "what of finding"
                  Expect.equal error.Findings[0].Fix "Lower the learning rate." "fix of finding") ]
