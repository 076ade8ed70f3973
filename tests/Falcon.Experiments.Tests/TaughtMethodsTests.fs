module Falcon.Experiments.Tests.TaughtMethodsTests

open System.Threading
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods
open Falcon.Protocol
open Falcon.Tests
open Falcon.Weights

/// A study of one cell.
let private oneCell photos (method: MethodOptions) source =
    { study photos with
        Data = [ Data.at photos |> Data.categories [ categories[0] ] ]
        Seeds = [ 0 ]
        Methods = [ method ]
        Teacher = source }

let private fault folder study = [ for finding in Study.check (runtime folder) study -> string finding ]

/// Weights of a network to layer3, drawn and written under no name that tells what they are.
let private weightsOf (architecture: string) path =
    use network = new ResNet(BackboneCatalog.Find architecture, BackboneTap.Layer3)
    SafetensorsWriter.Write(path, StateDict.Tensors(network, "module."))
    path

[<Tests>]
let tests =
    testList
        "Methods and their teachers"
        [ test "a backbone that the options name is kept or refused in one finding, never replaced" {
              use folder = new Folder()
              writeCategories [ categories[0] ] (folder.Path "photos")
              let check options = oneCell (folder.Path "photos") options Teacher.shipped |> fault (folder.Path "out")
              let finding = Expect.wantSome (List.tryExactlyOne (check (PatchCoreOptions(Backbone = "wide_resnet50_2")))) "one finding"
              Expect.stringContains finding "PatchCore names the backbone wide_resnet50_2, and this teacher is a resnet18" "both named"

              let typo =
                  Expect.wantSome (List.tryExactlyOne (check (PatchCoreOptions(Backbone = "wide_resnet5")))) "one finding of a typo"

              Expect.stringContains typo "wide_resnet5 is not a possible value" "the typo"
              Expect.isEmpty (check (PatchCoreOptions(Backbone = "resnet18"))) "the teacher's own"
              Expect.isEmpty (check (PatchCoreOptions())) "none named"
          }
          test "a method that a teacher cannot teach is said while it is planned" {
              use folder = new Folder()
              writeCategories [ categories[0] ] (folder.Path "photos")

              let finding =
                  oneCell (folder.Path "photos") (EfficientAdOptions()) Teacher.shipped
                  |> fault (folder.Path "out")
                  |> List.tryExactlyOne

              Expect.stringContains (Expect.wantSome finding "one finding") "EfficientAD does not learn from a resnet18" "the finding"
          }
          test "the architecture of a file is read from its shapes" {
              use folder = new Folder()
              writeCategories [ categories[0] ] (folder.Path "photos")

              for architecture, other in [ "compact", "resnet18"; "resnet18", "resnet34" ] do
                  let file = weightsOf architecture (folder.Path $"{architecture}.bin")
                  let study options = oneCell (folder.Path "photos") options (Teacher.file file)
                  Expect.isEmpty (fault (folder.Path "out") (study (StpmOptions(InputSize = 64)))) $"{architecture}, none named"

                  let finding =
                      Expect.wantSome (List.tryExactlyOne (fault (folder.Path "out") (study (StpmOptions(Backbone = other))))) architecture

                  Expect.stringContains finding $"names the backbone {other}, and this teacher is a {architecture}" architecture
          }
          test "an axis of teachers gives every method the architecture of each, and ids that say which" {
              use folder = new Folder()
              writeCategories [ categories[0] ] (folder.Path "photos")
              let file = weightsOf "resnet34" (folder.Path "mine.safetensors")

              let sweep =
                  oneCell (folder.Path "photos") (PatchCoreOptions(InputSize = 64)) Teacher.shipped
                  |> Sweep.axis "teacher" [ Teacher.shipped; Teacher.file file; Teacher.random ] (fun source cell ->
                      { cell with Teacher = source })

              Expect.equal (List.length (List.distinct (Sweep.ids sweep))) 3 "ids"

              let planned =
                  OpenStudy.during ignore CancellationToken.None (runtime (folder.Path "out")) sweep (fun opened ->
                      [ for graph in opened.Graphs.Head ->
                            TrainingFields.ofCall graph.Train.Node.Recipe |> TrainingFields.tryOption "method.backbone" ])

              Expect.equal planned [ Some "resnet18"; Some "resnet34"; Some "resnet18" ] "the architectures"
          }
          test "the protocol says which weights were kept, not which would have been of more images" {
              let kept images (method: MethodOptions) =
                  (oneCell "photos" method Teacher.random |> Experiment.cells |> List.head |> Cell.protocol images).Checkpoint

              Expect.equal (kept 1 (StpmOptions())) (CheckpointRule.BestOnTraining()) "one shot: nothing is held out"
              Expect.equal (kept 5 (StpmOptions())) (CheckpointRule.BestOnNormalValidation()) "five: one is"
              Expect.equal (kept 5 (PatchCoreOptions())) (CheckpointRule.Untrained()) "no steps"
              Expect.equal (kept 5 (EfficientAdOptions())) (CheckpointRule.LastStep()) "steps instead of epochs"
              Expect.equal (kept 5 (FalconOptions())) (CheckpointRule.LastEpoch()) "epochs"
          } ]
