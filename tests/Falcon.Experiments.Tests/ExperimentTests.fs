module Falcon.Experiments.Tests.ExperimentTests

open Expecto
open Falcon.Methods
open Falcon.Tests
open FsCheck
open FsCheck.FSharp
open Falcon.Experiments

let private study =
    experiment "few-shot" {
        data (Data.at "photos/mvtec" |> Data.categories [ "bottle"; "screw" ])
        shots [ 1; 4 ]
        seeds [ 0..2 ]
        methods [ FalconOptions(Epochs = 20) ]
        teacher (Teachers.file "resnet18.pth")
        metrics [ ImageAuroc; Aupro 0.3 ]
    }

let private few (values: Gen<'a>) = Gen.choose (1, 3) |> Gen.bind (fun count -> Gen.listOfLength count values) |> Gen.map List.distinct

let private anyStudy =
    gen {
        let! categories = few (Gen.elements MvtecAd.categories)
        let! shots = few (Gen.choose (1, 20))
        let! seeds = few (Gen.choose (0, 1000))
        let! options = few (Gen.zip (Gen.choose (1, 300)) (Gen.elements [ 0.5; 1.0; 2.0; 4.0 ]))

        return
            { study with
                Data = [ Data.at "mvtec" |> Data.categories categories ]
                Shots = shots
                Seeds = seeds
                Methods = [ for epochs, weight in options -> FalconOptions(Epochs = epochs, NoiseWeight = weight) ] }
    }

[<Tests>]
let tests =
    testList
        "Experiment"
        [ test "each operation of the builder sets one field and leaves the defaults of the others" {
              let expected =
                  { Experiment.defaults with
                      Name = "few-shot"
                      Data = [ { Name = "mvtec"; Origin = DataOrigin.Folder "photos/mvtec"; Categories = [ "bottle"; "screw" ] } ]
                      Shots = [ 1; 4 ]
                      Seeds = [ 0; 1; 2 ]
                      Methods = [ FalconOptions(Epochs = 20) ]
                      Teacher = TeacherSource.File "resnet18.pth"
                      Metrics = [ ImageAuroc; Aupro 0.3 ] }

              Expect.equal study expected "study"

              Expect.equal (experiment "x" { shots [ 3 ] }) { Experiment.defaults with Name = "x"; Shots = [ 3 ] } "experiment x shots 3"
          }
          test "the cells of a study come in order with readable ids" {
              let ids = Experiment.cells study |> List.map Cell.id
              Expect.equal ids.Length 12 "number of ids"
              Expect.equal ids[0] "mvtec-bottle-falcon+epochs=20-1shot-seed0" "ids 0"
              Expect.equal ids[1] "mvtec-bottle-falcon+epochs=20-1shot-seed1" "ids 1"
              Expect.equal ids[3] "mvtec-bottle-falcon+epochs=20-4shot-seed0" "ids 3"
              Expect.equal ids[11] "mvtec-screw-falcon+epochs=20-4shot-seed2" "ids 11"
          }
          test "an id does not depend on the other cells of the study" {
              let wider = { study with Shots = [ 1; 2; 4 ]; Seeds = [ 0..9 ]; Methods = FalconOptions() :: study.Methods }

              let known = Experiment.cells wider |> List.map Cell.id |> Set.ofList

              Expect.isTrue
                  (Set.isSubset (Experiment.cells study |> List.map Cell.id |> Set.ofList) known)
                  "is subset cells study cell known"
          }
          test "published options leave no trace in id and title, changed ones and a random teacher do" {
              let cell method teacher = { study with Methods = [ method ]; Teacher = teacher } |> Experiment.cells |> List.head

              let published = cell (FalconOptions()) (Teachers.weights "resnet18")
              Expect.equal (Cell.id published) "mvtec-bottle-falcon-1shot-seed0" "cell published"
              Expect.equal (Cell.label published).Title "FALCON" "title of label published"

              let changed = cell (FalconOptions(NoiseWeight = 4.5, Epochs = 5)) Teachers.random
              Expect.equal (Cell.id changed) "mvtec-bottle-falcon+epochs=5+noiseWeight=4.5-1shot-seed0" "cell changed"
              Expect.equal (Cell.label changed).Title "FALCON (epochs 5, noise weight 4.5, random teacher)" "title of label changed"
          }
          testProperty
              "ids are unique and the number of cells is the product of the fields"
              (Prop.forAll (Arb.fromGen anyStudy) (fun study ->
                  let ids = Experiment.cells study |> List.map Cell.id
                  let categories = study.Data |> List.sumBy (fun data -> data.Categories.Length)

                  List.distinct ids = ids
                  && ids.Length = categories * study.Methods.Length * study.Shots.Length * study.Seeds.Length))
          test "a long list of changed options still gives a file name, and another one for other options" {
              let id learningRate =
                  { study with
                      Methods =
                          [ FalconOptions(
                                Epochs = 7,
                                BatchSize = 2,
                                InputSize = 128,
                                LearningRate = learningRate,
                                NoiseWeight = 3.25,
                                Patterns = Falcon.Methods.NoisePatterns.Spot,
                                CamWeights = Falcon.Methods.CamWeights(1.0, 0.25, 0.125)
                            ) ] }
                  |> Experiment.cells
                  |> List.head
                  |> Cell.id

              Expect.isBetween (id 1e-3).Length 60 120 "number of 3"
              Expect.notEqual (id 1e-4) (id 1e-3) "id of another learning rate"
          }
          test "a cell with other options of FALCON is another cell" {
              let cell = Experiment.cells study |> List.head
              let changed = cell |> Method.map (fun (options: FalconOptions) -> FalconOptions(options, NoiseWeight = 4.0))
              Expect.equal changed.Method (FalconOptions(Epochs = 20, NoiseWeight = 4.0)) "method of changed"
              Expect.equal cell.Method (FalconOptions(Epochs = 20)) "method of cell"
          } ]
