module Falcon.Core.Tests.Pretraining.PdnPretrainingTests

open System.IO
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Pretraining
open Falcon.Randomness

let private options = PdnPretrainingOptions(Backbone = "resnet18", InputSize = 64, BatchSize = 2, Steps = 3L)

[<Tests>]
let tests =
    testList
        "PDN pretraining"
        [ test "pre-training gives a teacher, and an interrupted run continues to the same one" {
              use scratch = new Scratch.Folder()
              let folder = Trainings.pictures scratch
              use classifier = Teacher.Random("resnet18", MasterSeed 1L)

              let trained =
                  Trainings.resumes scratch (fun path checkpoint progress cancellation ->
                      PdnPretraining.Run(options, classifier, folder, path, MasterSeed 3L, checkpoint, progress, cancellation))

              use teacher = Teacher.Load(trained, "pdn_small")
              use image = torch.ones ([| 1L; 3L; 64L; 64L |])
              use features = teacher.SharedFeatures(image, [| BackboneTap.Patches |])
              Expect.equal features[BackboneTap.Patches].shape [| 1L; 384L; 8L; 8L |] "shape of features patches"
          }
          test "a folder without images is reported, and so is a broken image" {
              use scratch = new Scratch.Folder()
              use classifier = Teacher.Random("resnet18", MasterSeed 1L)
              let run folder = PdnPretraining.Run(options, classifier, folder, scratch.File "out", MasterSeed 3L)

              Expect.stringContains
                  (raised<InvalidInputException>(fun () -> run (Directory.CreateDirectory(scratch.File "none").FullName))).Message
                  "no image"
                  "message of raised invalid input exception run create"

              Expect.stringContains
                  (raised<InvalidInputException>(fun () -> run (scratch.File "missing"))).Message
                  "no such folder"
                  "message of raised invalid input exception"

              let folder = Trainings.pictures scratch
              let broken = Path.Combine(folder, "broken.png")
              File.WriteAllText(broken, "no picture")

              Expect.stringContains
                  (raised<InvalidInputException>(fun () -> run folder)).Message
                  broken
                  "message of raised invalid input exception"
          } ]
