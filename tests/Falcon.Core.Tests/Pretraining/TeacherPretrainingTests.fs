module Falcon.Core.Tests.Pretraining.TeacherPretrainingTests

open System.IO
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Pretraining
open Falcon.Randomness
open Falcon.Training
open Falcon.Weights

let private options =
    TeacherPretrainingOptions(InputSize = 32, BatchSize = 4, CropsPerPicture = 2, Steps = 4L, StepsPerReport = 2, StatisticsBatches = 2)

[<Tests>]
let tests =
    testList
        "Teacher pretraining"
        [ test "a source is distilled into a compact teacher of half the bytes, and an interrupted run continues to the same one" {
              use scratch = new Scratch.Folder()
              let folder = Trainings.pictures scratch
              use source = Teacher.Random("resnet18", MasterSeed 1L)
              let runs = ResizeArray()

              let trained =
                  Trainings.resumes scratch (fun path checkpoint progress cancellation ->
                      runs.Add(
                          TeacherPretraining.Run(
                              options,
                              [| source |],
                              folder,
                              null,
                              path,
                              MasterSeed 3L,
                              checkpoint,
                              progress,
                              cancellation
                          )
                      ))

              let losses = runs[0]
              Expect.equal losses.Count 2 "number of losses"
              Expect.equal [ for struct (name, _) in losses[0] -> name ] [ "loss"; "layer1"; "layer2"; "layer3" ] "name"
              use file = SafetensorsFile.Open trained

              for name in file.Names do
                  Expect.equal (file.Entry(name).Type) ElementType.Float16 "file entry name type"

              use teacher = Teacher.Load(trained, "compact")
              use image = torch.ones ([| 1L; 3L; 64L; 64L |])
              let taps = [| BackboneTap.Layer1; BackboneTap.Layer2; BackboneTap.Layer3 |]
              use features = teacher.SharedFeatures(image, taps)

              Expect.equal
                  [| for tap in taps -> features[tap].shape |]
                  [| [| 1L; 64L; 16L; 16L |]; [| 1L; 128L; 8L; 8L |]; [| 1L; 256L; 4L; 4L |] |]
                  "features tap shape"
          }
          test "two sources of one architecture are learnt at once, each by heads of its own" {
              use scratch = new Scratch.Folder()
              use one = Teacher.Random("resnet18", MasterSeed 1L)
              use other = Teacher.Random("resnet18", MasterSeed 2L)

              let first (sources: Teacher list) =
                  let losses =
                      TeacherPretraining.Run(options, Array.ofList sources, null, null, scratch.File "out.safetensors", MasterSeed 3L)

                  losses[0] |> Seq.pick (fun struct (name, value) -> if name = "loss" then Some value else None)

              Expect.notEqual (first [ one; other ]) (first [ one ]) "loss of two and of one"
              // Of one source twice, heads learn the same, and the gradient is that of one.
              Expect.floatClose Accuracy.medium (first [ one; one ]) (first [ one ]) "loss of one twice"
          }
          test "distillation brings the compact network's features closer to the source's" {
              use scratch = new Scratch.Folder()
              use source = Teacher.Random("resnet18", MasterSeed 1L)

              let options =
                  TeacherPretrainingOptions(
                      options,
                      Steps = 60L,
                      StepsPerReport = 15,
                      Schedule = RateSchedule.Constant,
                      LearningRate = 5e-4,
                      BatchSize = 8,
                      StatisticsBatches = 16
                  )

              let losses = TeacherPretraining.Run(options, [| source |], null, null, scratch.File "out.safetensors", MasterSeed 3L)
              let loss pass = losses[pass] |> Seq.pick (fun struct (name, value) -> if name = "loss" then Some value else None)
              Expect.isLessThan (loss 3) (0.9 * loss 0) $"{loss 0} {loss 3}"
          }
          test "a training goes on from the weights of another" {
              use scratch = new Scratch.Folder()
              use source = Teacher.Random("resnet18", MasterSeed 1L)
              let first, second = scratch.File "first.safetensors", scratch.File "second.safetensors"
              let still = TeacherPretrainingOptions(options, Steps = 1L, StepsPerReport = 1, LearningRate = 1e-12)
              TeacherPretraining.Run(options, [| source |], null, null, first, MasterSeed 3L) |> ignore
              TeacherPretraining.Run(still, [| source |], null, first, second, MasterSeed 4L) |> ignore
              use before = SafetensorsFile.Open first
              use after = SafetensorsFile.Open second

              Expect.equal
                  (after.Floats "layer3.0.conv2.weight")
                  (before.Floats "layer3.0.conv2.weight")
                  "after floats layer3.0.conv2.weight"
          }
          test "from scratch, a network learns to tell families of drawn pictures apart" {
              use scratch = new Scratch.Folder()
              let options = TeacherPretrainingOptions(options, FromScratch = true, Steps = 2L, StepsPerReport = 1)
              let losses = TeacherPretraining.Run(options, [||], null, null, scratch.File "out.safetensors", MasterSeed 3L)
              Expect.equal [ for struct (name, _) in losses[0] -> name ] [ "loss"; "accuracy" ] "name"
              use teacher = Teacher.Load(scratch.File "out.safetensors", "compact")
              Expect.equal teacher.Provenance.Backbone "compact" "backbone of teacher provenance"
          }
          test "every photo that cannot be read is reported before training" {
              use scratch = new Scratch.Folder()
              let folder = Trainings.pictures scratch
              File.WriteAllText(Path.Combine(folder, "a.png"), "no picture")
              File.WriteAllText(Path.Combine(folder, "b.jpg"), "none either")
              use source = Teacher.Random("resnet18", MasterSeed 1L)

              let error =
                  raised<InvalidInputException>(fun () ->
                      TeacherPretraining.Run(options, [| source |], folder, null, scratch.File "out", MasterSeed 3L) |> ignore)

              Expect.equal
                  [ for finding in error.Findings -> string (Path.GetFileName finding.Where) ]
                  [ "a.png"; "b.jpg" ]
                  "name finding where"
          }
          test "the model card says what a teacher learned from, how, and how to make it again" {
              use scratch = new Scratch.Folder()
              let folder = Trainings.pictures scratch
              let weights = scratch.File "small.safetensors"
              use source = Teacher.Random("resnet18", MasterSeed 1L)
              let losses = TeacherPretraining.Run(options, [| source |], folder, null, weights, MasterSeed 3L)

              let card =
                  TeacherCard.Of(options, [| source.Provenance |], TeacherCard.Photos(folder, "Public domain."), null, weights, 3L, losses)

              for text in
                  [ "# small"
                    "1,211,680 parameters"
                    "resnet18 (random, seed 1"
                    "3 files, 50 % of the pictures. Public domain."
                    FileDigest.Sha256 weights
                    "CC0 1.0"
                    "--set Steps=4"
                    "| 4 | " ] do
                  Expect.stringContains card text "card"
          } ]
