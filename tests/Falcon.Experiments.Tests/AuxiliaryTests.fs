/// Methods that learn from the defects of another data set.
module Falcon.Experiments.Tests.AuxiliaryTests

open System.IO
open System.Threading
open Expecto
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods
open Falcon.Reports
open Falcon.Tests
open Falcon.Weights

/// The smallest tower that has four taps, and the fewest steps.
let private method =
    FdslOptions(
        Backbone = "clip_vit_p16_w8_h2_d4_g4_o4_gelu",
        InputSize = 64,
        WindowPatches = 3,
        MapSide = 16,
        HeadEpochs = 1,
        HeadNormals = 2,
        Augmentation = DefectAugmentation.None
    )

let private others = [ "slab" ]

let private auxiliaryOf (folder: Folder) = Data.at (folder.Path "others") |> Data.categories others

/// Writes the photos to test on and those to learn defects from.
let private written () =
    let folder = new Folder()
    writeData (folder.Path "photos")
    writeCategories others (folder.Path "others")
    folder

/// Two categories, two numbers of shots, one head.
let private study (folder: Folder) =
    experiment "defects" {
        data (Data.at (folder.Path "photos") |> Data.categories categories)
        shots [ 1; 2 ]
        seeds [ 0 ]
        methods [ method ]
        auxiliary (auxiliaryOf folder)
        teacher Teacher.random
        metrics [ ImageAuroc ]
    }

let private run runtime (study: #IStudy) = Study.runWith (Listener()) CancellationToken.None runtime study

let private computed stage (result: StudyResult) = result.Computed |> Map.tryFind stage |> Option.defaultValue 0

let private digests (result: StudyResult) =
    [ for cell, _ in result.Outcomes do
          for name in [ "trained.safetensors"; "maps.safetensors"; "scores.csv" ] ->
              FileDigest.Sha256(Path.Combine(result.Folder, "cells", Cell.id cell, name)) ]

let private findings (folder: Folder) (study: #IStudy) =
    [ for finding in Study.check (runtime (folder.Path "out")) study -> finding.What, finding.Where ]

[<Tests>]
let tests =
    testList
        "Auxiliary data"
        [ test "a head is trained once for all categories and shots, and found again" {
              use folder = written ()
              let study = study folder
              let runtime = runtime (folder.Path "out")
              let plan = Study.plan runtime study

              Expect.equal
                  [ for planned in plan.Foundations -> planned.Name, planned.State, planned.Cells.Length ]
                  [ "FDSL head, auxiliary others, seed 0", PlannedState.Run, 4 ]
                  "what cells wait for"

              Expect.stringContains (TableStyle.Console.Render(Plan.table plan)) "4 cells wait for it" "table"
              let first = study |> run runtime
              Expect.equal first.Failed [] "failed"
              Expect.equal (computed "train" first) 5 "one head, four memories"
              let again = study |> run runtime
              Expect.equal (Map.toList again.Computed) [] "computed again"
              Expect.isEmpty (Study.plan runtime study).Foundations "nothing waits"
              Expect.equal (digests again) (digests first) "bits"

              let elsewhere =
                  { runtime with Out = Some(folder.Path "second"); Store = Some(folder.Path "second-store"); LoaderWorkers = 3 }

              Expect.equal (digests (study |> run elsewhere)) (digests first) "bits of another store"

              let more = { study with Shots = [ 1; 2; 4 ] } |> run runtime
              Expect.equal (computed "train" more) 2 "more shots need no other head"
              Expect.equal (computed "train" ({ study with Seeds = [ 1 ]; Shots = [ 1 ] } |> run runtime)) 3 "another seed has another head"
          }
          test "what changes in the auxiliary data is learnt anew, and the plan says so" {
              use folder = written ()
              let study = { study folder with Shots = [ 1 ] }
              let runtime = runtime (folder.Path "out")
              let before = digests (study |> run runtime)
              let mask name = Path.Combine(folder.Path "others", $"slab/ground_truth/hole/{name}_mask.png")
              File.Copy(mask "0", mask "1", true)
              let plan = Study.plan runtime study

              Expect.equal
                  [ for cell in plan.Cells -> cell.State, cell.Reason ]
                  (List.replicate 2 (PlannedState.Stale, "foundation"))
                  "plan"

              let after = study |> run runtime
              Expect.equal (computed "train" after) 3 "head and memories"
              Expect.isFalse (digests after = before) "other weights"
          }
          test "a test category whose photos are learnt from is reported, wherever they lie" {
              use folder = written ()
              writeData (folder.Path "copy")
              let copied = Data.at (folder.Path "copy") |> Data.categories [ "cloth" ]

              Expect.equal
                  (findings folder { study folder with Auxiliary = Some copied })
                  [ "has images of photos cloth, which is tested", "auxiliary copy, category cloth" ]
                  "a copy"

              let same = Data.at (folder.Path "photos") |> Data.categories [ "cloth" ]

              let apart =
                  { study folder with
                      Auxiliary = Some same
                      Data = [ Data.at (folder.Path "photos") |> Data.categories [ "plate" ] ] }

              Expect.equal (findings folder apart) [] "another category of the same folder"
              Expect.isNonEmpty (findings folder { study folder with Auxiliary = Some same }) "the same category"
          }
          test "a method that learns from defects needs data with masks, and a head is no method of its own" {
              use folder = written ()

              Expect.equal
                  (findings folder { study folder with Auxiliary = None })
                  [ "FDSL learns from the defects of another data set, and none is named", "study defects" ]
                  "none is named"

              Expect.equal
                  (findings folder { study folder with Methods = [ nonNull method.Foundation ] })
                  [ "FDSL head detects nothing by itself", "study defects, methods" ]
                  "a head"

              File.Delete(Path.Combine(folder.Path "others", "slab/ground_truth/hole/0_mask.png"))
              let unmasked = findings folder (study folder)
              Expect.isNonEmpty unmasked "a mask is missing"
              Expect.stringContains (fst unmasked.Head) "mask" "what"
              let without = { study folder with Auxiliary = Some(Data.at (folder.Path "others")) }
              Expect.equal (findings folder without) [ "has no categories", "auxiliary others" ] "no categories"
          }
          test "the auxiliary data stand in ids, titles and protocols of the methods that learn from them alone" {
              use folder = new Folder()
              let study = { study folder with Methods = [ FdslOptions(); PatchCoreOptions(InputSize = 64) ]; Shots = [ 1 ] }
              let cells = Experiment.cells study |> List.filter (fun cell -> cell.Category = "plate")
              let plain = Experiment.cells { study with Auxiliary = None } |> List.filter (fun cell -> cell.Category = "plate")
              Expect.stringEnds (Cell.id cells[0]) "-1shot-seed0-auxiliary=others" "id"
              Expect.stringContains (Cell.label cells[0]).Title "auxiliary others" "title"
              Expect.stringContains (Cell.protocol 2 cells[0]).Line "defects learnt from: others" "protocol"
              Expect.equal (Cell.id cells[1]) (Cell.id plain[1]) "id of another method"
              Expect.equal cells[1] plain[1] "another method"
          } ]
