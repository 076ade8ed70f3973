module Falcon.Experiments.Tests.SweepTests

open Expecto
open Falcon.Methods
open Falcon.Tests
open Falcon
open Falcon.Experiments

let private study =
    experiment "sweep" {
        data (Data.at "photos" |> Data.categories [ "plate"; "cloth" ])
        shots [ 2 ]
        seeds [ 0; 1 ]
        teacher Teacher.random
    }

let private noise weight = Method.map (fun (options: FalconOptions) -> FalconOptions(options, NoiseWeight = weight))

[<Tests>]
let tests =
    testList
        "Sweep"
        [ test "an axis gives every cell at every value, the value varying fastest" {
              let sweep = study |> Sweep.axis "noise weight" [ 1.0; 4.0 ] noise

              Expect.equal
                  (Sweep.ids sweep |> List.take 3)
                  [ "photos-plate-falcon+noiseWeight=1-2shot-seed0"
                    "photos-plate-falcon+noiseWeight=4-2shot-seed0"
                    "photos-plate-falcon+noiseWeight=1-2shot-seed1" ]
                  "ids sweep 3"

              Expect.equal sweep.Cells.Length 8 "number of sweep cells"
              Expect.equal sweep.Name "sweep" "name of sweep"
          }
          test "axes multiply and go in step" {
              let shots = Axis.over "shots" [ 1; 2; 5 ] (fun shots cell -> { cell with Shots = shots })
              let weights = Axis.over "noise weight" [ 1.0; 2.0; 4.0 ] noise
              let one = study |> Sweep.where (fun cell -> cell.Category = "plate" && cell.Seed = 0)

              Expect.equal
                  (one |> Sweep.along (Axis.product shots weights)).Cells.Length
                  9
                  "number of cells of one along product shots weights"

              let zipped = one |> Sweep.along (Axis.zip shots weights)

              Expect.equal
                  (Sweep.ids zipped)
                  [ "photos-plate-falcon+noiseWeight=1-1shot-seed0"
                    "photos-plate-falcon-2shot-seed0"
                    "photos-plate-falcon+noiseWeight=4-5shot-seed0" ]
                  "ids zipped"

              let short = Axis.over "seed" [ 0 ] (fun seed cell -> { cell with Seed = seed })
              let error = raised<InvalidInputException>(fun () -> Axis.zip shots short |> ignore)
              Expect.stringContains error.Message "'shots' has 3 points and 'seed' has 1" "message of error"
          }
          test "cells can be kept and left out, and studies joined without repeats" {
              let first = study |> Sweep.where (fun cell -> cell.Seed = 0)
              let rest = study |> Sweep.except (fun cell -> cell.Seed = 0)

              Expect.equal
                  ((Sweep.ids first @ Sweep.ids rest) |> List.sortBy (fun id -> List.findIndex ((=) id) (Sweep.ids study)))
                  (Sweep.ids study)
                  "ids first rest sort by find"

              Expect.equal (first |> Sweep.append study).Cells.Length 4 "number of cells of first append study"
              Expect.equal (Sweep.ids (Sweep.concat [ first; rest; first ])) (Sweep.ids first @ Sweep.ids rest) "ids sweep first rest"
              Expect.throwsT<Falcon.InvalidInputException> (fun () -> Sweep.concat ([]: Sweep list) |> ignore) "sweep list is refused"
          }
          test "an axis that changes nothing about a cell does not repeat it" {
              let first = study |> Sweep.where (fun cell -> cell.Seed = 0)

              let some =
                  study
                  |> Sweep.axis "shots" [ 2; 4 ] (fun shots cell ->
                      if cell.Seed = 0 then { cell with Shots = shots } else { cell with Seed = cell.Seed })

              Expect.equal some.Cells.Length ((Sweep.ids study).Length + (Sweep.ids first).Length) "cells"
          }
          test "an axis at whose points every cell is the same says so" {
              for change in
                  [ fun _ (cell: Cell) -> { cell with Seed = cell.Seed }
                    fun (_: int) -> Method.map (fun (falcon: FalconOptions) -> FalconOptions(falcon, Epochs = 20)) ] do
                  let error = raised<Falcon.InvalidInputException>(fun () -> study |> Sweep.axis "nothing" [ 1; 2 ] change |> ignore)
                  Expect.stringContains error.Message "axis 'nothing'" "the axis"

              let one = study |> Sweep.axis "seed" [ 0 ] (fun seed cell -> { cell with Seed = seed })
              Expect.allEqual [ for cell in one.Cells -> cell.Seed ] 0 "an axis of one point changes what it changes"
          }
          test "an axis over the options of a method that the study does not have says so" {
              let options (epochs: int) = Method.map (fun (stpm: StpmOptions) -> StpmOptions(stpm, Epochs = epochs))
              let error = raised<Falcon.InvalidInputException>(fun () -> study |> Sweep.axis "epochs" [ 1; 2 ] options |> ignore)
              Expect.stringContains error.Message "axis 'epochs'" "the axis"
              Expect.stringContains error.Message "FALCON" "the methods that are there"
          }
          test "what neither options nor shots nor seed show is noted in id and title" {
              let sampled =
                  study
                  |> Sweep.axis "features" [ FeatureFormat.exact; { FeatureFormat.exact with Storage = Float16 } ] (fun features cell ->
                      { cell with Features = features })

              Expect.equal (sampled.Cells |> List.map Cell.id |> List.distinct |> List.length) 8 "sampled cells cell distinct"
              Expect.stringContains (Cell.label sampled.Cells[1]).Title "kept as float16" "title of label sampled cells 1"
          } ]
