module Falcon.Experiments.Tests.PlanTests

open System.IO
open System.Threading
open Expecto
open Falcon.Methods
open Falcon.Tests
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Reports

let private run runtime (study: #IStudy) = Study.runWith (Listener()) CancellationToken.None runtime study |> ignore

let private states (plan: Plan) = [ for cell in plan.Cells -> cell.State, cell.Reason ]

[<Tests>]
let tests =
    testList
        "Plan"
        [ test "a plan says of each cell what would be done and why, and computes nothing" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Data = [ Data.at (folder.Path "photos") |> Data.categories [ "plate" ] ] }
              let runtime = runtime (folder.Path "out")
              let plan = Study.plan runtime study
              Expect.equal (states plan) (List.replicate 2 (PlannedState.Run, "nothing like it has run")) "states plan"
              Expect.equal plan.Expected None "expected of plan"
              Expect.isFalse (Directory.Exists(folder.Path "out")) "folder exists out"

              run runtime study
              Expect.equal (states (Study.plan runtime study)) (List.replicate 2 (PlannedState.Hit, "")) "states plan runtime study"

              let measured = Study.plan runtime { study with Metrics = [ ImageAuroc; PixelAuroc; ImageAp ] }
              Expect.equal (states measured) (List.replicate 2 (PlannedState.Run, "to be measured: pixelAuroc, imageAp")) "states measured"

              let other =
                  Study.plan
                      runtime
                      { study with Methods = [ FalconOptions(Epochs = 1, InputSize = 64, NoiseWeight = 4.0) ]; Seeds = [ 1 ] }

              Expect.equal (states other) [ PlannedState.Run, "method.noiseWeight 2 → 4" ] "states other"
              Expect.isGreaterThan other.Expected.Value 0.0 "other expected"

              let mask name = folder.Path $"photos/plate/ground_truth/hole/{name}_mask.png"
              let pixels = { study with Metrics = [ ImageAuroc; PixelAuroc ] }
              run runtime pixels
              File.Copy(mask 0, mask 1, true)

              Expect.equal
                  (states (Study.plan runtime pixels))
                  (List.replicate 2 (PlannedState.Run, "to be measured: pixelAuroc: masks have changed"))
                  "another mask"

              let unlike = Study.plan runtime { study with Methods = [ PadimOptions(InputSize = 64) ] }
              Expect.equal (states unlike) (List.replicate 2 (PlannedState.Run, "nothing like it has run")) "states unlike"

              let seeded = Study.plan runtime { study with Seeds = [ 5 ] }

              Expect.equal
                  (let state, reason = (states seeded).Head in state, reason.Replace("seed 1", "seed 0"))
                  (PlannedState.Run, "seed 0 → 5, training images")
                  "state reason states seeded head replace"
          }
          test "a cell whose images have changed is stale, one that failed stays failed" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              run runtime study

              let train = Directory.GetFiles(Path.Combine(folder.Path "photos", "plate/train/good"))
              let test = Path.Combine(folder.Path "photos", "cloth/test/good/0.png")

              for name in train do
                  File.Copy(test, name, true)

              let plan = Study.plan runtime study

              Expect.equal
                  (states plan)
                  [ PlannedState.Stale, "train/good/0.png, train/good/1.png have changed"
                    PlannedState.Stale, "train/good/1.png, train/good/3.png have changed"
                    PlannedState.Hit, ""
                    PlannedState.Hit, "" ]
                  "states plan"

              File.Move(folder.Path "photos/plate/train/good/1.png", folder.Path "photos/plate/train/good/8.png")
              let first = (states (Study.plan runtime study)).Head
              Expect.equal (fst first) PlannedState.Stale "another image"
              Expect.stringContains (snd first) "train/good/1.png is gone" "which"
              File.Move(folder.Path "photos/plate/train/good/8.png", folder.Path "photos/plate/train/good/1.png")

              let table = TableStyle.Console.Render(Plan.table plan)
              Expect.stringContains table "4 cells: 2 hit, 0 run, 2 stale, 0 failed" "table"
              Expect.stringContains table "photos-plate-falcon+epochs=1+inputSize=64-2shot-seed0" "table"
          }
          test "a plan names a test image that has changed, and the time of a cell is not shared among workers" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Data = [ Data.at (folder.Path "photos") |> Data.categories [ "plate" ] ] }
              let runtime = { runtime (folder.Path "out") with Workers = 2 }
              run runtime study
              File.Copy(folder.Path "photos/plate/train/good/0.png", folder.Path "photos/plate/test/good/1.png", true)
              let plan = Study.plan runtime study
              let reason = PlannedState.Run, "to be scored: test/good/1.png has changed"
              Expect.equal (states plan) [ reason; reason ] "states"

              let test name = folder.Path $"photos/plate/test/good/{name}.png"
              File.Move(test 1, test 7)
              let reason = PlannedState.Run, "to be scored: test/good/1.png is gone, test/good/7.png is new"
              Expect.equal (states (Study.plan runtime study)) [ reason; reason ] "gone and new"

              let planned seconds = { plan with Cells = [ for seconds in seconds -> { plan.Cells.Head with Expected = seconds } ] }
              Expect.equal (planned [ Some 720.0 ]).Expected (Some 720.0) "one cell, two workers"
              Expect.equal (planned [ Some 60.0; Some 20.0; Some 30.0 ]).Expected (Some 60.0) "each takes the next when it is free"
              let partly = planned [ Some 60.0; None ]
              Expect.equal (partly.Expected, partly.Unknown) (Some 60.0, 1) "what is unknown hides nothing"

              Expect.stringContains
                  (TableStyle.Console.Render(Plan.table partly))
                  "expected 60 s with 2 workers, and the time of 1 part"
                  "totals"
          }
          test "a training takes a fixed time and some for each epoch and image" {
              use folder = new Folder()
              writeCategories [ "plate" ] (folder.Path "photos")

              let of' epochs =
                  { study (folder.Path "photos") with
                      Data = [ Data.at (folder.Path "photos") |> Data.categories [ "plate" ] ]
                      Seeds = [ 0 ]
                      Methods = [ FalconOptions(Epochs = epochs, InputSize = 64) ] }

              let runtime = runtime (folder.Path "out")
              run runtime (of' 1)
              run runtime (of' 6)
              let expected epochs = (Study.plan runtime { of' epochs with Seeds = [ 1 ] }).Expected.Value
              Expect.isGreaterThan (expected 12) (expected 3) "more epochs take longer"
              Expect.isLessThan (expected 12) (12.0 * expected 1) "not all of it comes with each epoch"
          }
          test "a sampler that finds too few images is reported for every category before anything runs" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Sampler = Sampler.sortedSlice; Seeds = [ 0; 2 ] }

              let error = raised<Falcon.InvalidInputException>(fun () -> Study.plan (runtime (folder.Path "out")) study |> ignore)

              Expect.equal
                  [ for finding in error.Findings -> finding.What ]
                  [ for name in [ "plate"; "cloth" ] ->
                        $"category {name} has 4 training images, which are 2 slices of 2, and none for seed 2" ]
                  "finding what"
          }
          test "the protocol of a cell names the sampler and whose choice it repeats" {
              let line sampler =
                  let study = { study "photos" with Sampler = sampler }
                  (Cell.protocol 2 (List.head (Experiment.cells study))).Line

              Expect.stringContains
                  (line Sampler.seededPermutation)
                  "training images: first k of a seeded permutation (PyTorch's randperm, as the public code of FALCON);"
                  "line seeded permutation"

              Expect.stringContains (line Sampler.sortedSlice) "training images: images seed·k to (seed+1)·k by name;" "line sorted slice"

              Expect.stringContains
                  (line Sampler.pcsnet512)
                  "k draws with replacement, seed 512 in every cell (PyTorch's randint"
                  "line pcsnet512"

              Expect.stringContains
                  (line (Sampler.listed "lists/support.csv"))
                  "first k of a fixed list (the list support.csv);"
                  "line listed"
          } ]
