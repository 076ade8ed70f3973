/// Methods that build on another.
module Falcon.Experiments.Tests.FoundationTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods
open Falcon.Reports

let private options =
    AandOptions(
        InputSize = 64,
        Backbone = "resnet18",
        Epochs = 1,
        AmplificationEpochs = 2,
        Foreground = ForegroundShape.Above,
        ForegroundLevel = 60.0
    )

let private study photos (methods: MethodOptions list) =
    { study photos with
        Data = [ Data.at photos |> Data.categories [ "plate" ] ]
        Seeds = [ 0 ]
        Methods = methods
        Teacher = Teacher.shipped }

let private run listener cancellation runtime study = Study.runWith listener cancellation runtime study

let private content (result: StudyResult) =
    [ for cell, _ in result.Outcomes do
          for name in [ "scores.csv"; "trained.safetensors" ] -> FileDigest.Sha256(Path.Combine(result.Folder, "cells", Cell.id cell, name)) ]

let private computed stage (result: StudyResult) = Map.tryFind stage result.Computed |> Option.defaultValue 0

[<Tests>]
let tests =
    testList
        "Foundation"
        [ test "variants of a second stage share their first one, which a plan shows with what waits for it" {
              use folder = new Folder()
              let photos = folder.Path "photos"
              writeData photos
              let runtime = runtime (folder.Path "out")
              let both = study photos [ options; AandOptions(options, HardPositions = 5) ]
              let plan = Study.plan runtime both
              let first = List.exactlyOne plan.Foundations
              Expect.equal first.Name "AAND amplification, photos plate, 2shot, seed 0" "name of what is trained first"
              Expect.equal (first.State, first.Cells.Length) (PlannedState.Run, 2) "state and cells"
              Expect.stringContains (TableStyle.Console.Render(Plan.table plan)) "2 cells wait for it" "table"

              use cancellation = new CancellationTokenSource()

              let killed =
                  { new IProgress<StudyEvent> with
                      member _.Report event =
                          match event with
                          | CellTraining(cell, progress) when cell.Method <> options && progress.Epochs = 1 -> cancellation.Cancel()
                          | _ -> () }

              Expect.throwsT<OperationCanceledException>
                  (fun () -> run killed cancellation.Token runtime both |> ignore)
                  "cancelled in the second cell"

              let interrupted = Study.plan runtime both
              Expect.equal [ for planned in interrupted.Foundations -> planned.State ] [ PlannedState.Hit ] "the first stage is there"

              let resumed = run (Listener()) CancellationToken.None runtime both
              Expect.equal (computed "train" resumed) 1 "trainings after the interruption"
              Expect.isEmpty (Study.plan runtime both).Foundations "nothing waits"

              let straight =
                  run
                      (Listener())
                      CancellationToken.None
                      { runtime with Out = Some(folder.Path "straight"); Store = Some(folder.Path "straight-store") }
                      both

              Expect.equal (computed "train" straight) 3 "one first stage, two second ones"
              Expect.equal (computed "foreground" straight) 2 "foregrounds of the two photos"
              Expect.equal (content resumed) (content straight) "bits"

              let another = study photos [ AandOptions(options, LearningRate = 1e-3) ] |> run (Listener()) CancellationToken.None runtime
              Expect.equal (computed "train" another, computed "features" another) (1, 0) "another second stage"
          } ]
