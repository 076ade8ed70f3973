module Falcon.Experiments.Tests.SweepTests

open Xunit
open Falcon
open Falcon.Experiments

let private study =
    experiment "sweep" {
        data (Data.at "photos" |> Data.categories [ "plate"; "cloth" ])
        shots [ 2 ]
        seeds [ 0; 1 ]
        teacher Teacher.random
    }

let private noise weight = Method.mapFalcon (fun options -> options.With(NoiseWeight = weight))

[<Fact>]
let ``an axis gives every cell at every value, the value varying fastest`` () =
    let sweep = study |> Sweep.axis "noise weight" [ 1.0; 4.0 ] noise

    Assert.Equal<string list>(
        [ "photos-plate-falcon+noiseWeight=1-2shot-seed0"
          "photos-plate-falcon+noiseWeight=4-2shot-seed0"
          "photos-plate-falcon+noiseWeight=1-2shot-seed1" ],
        Sweep.ids sweep |> List.take 3
    )

    Assert.Equal(8, sweep.Cells.Length)
    Assert.Equal("sweep", sweep.Name)

[<Fact>]
let ``axes multiply and go in step`` () =
    let shots = Axis.over "shots" [ 1; 2; 5 ] (fun shots cell -> { cell with Shots = shots })
    let weights = Axis.over "noise weight" [ 1.0; 2.0; 4.0 ] noise
    let one = study |> Sweep.where (fun cell -> cell.Category = "plate" && cell.Seed = 0)
    Assert.Equal(9, (one |> Sweep.along (Axis.product shots weights)).Cells.Length)

    let zipped = one |> Sweep.along (Axis.zip shots weights)

    Assert.Equal<string list>(
        [ "photos-plate-falcon+noiseWeight=1-1shot-seed0"
          "photos-plate-falcon-2shot-seed0"
          "photos-plate-falcon+noiseWeight=4-5shot-seed0" ],
        Sweep.ids zipped
    )

    let short = Axis.over "seed" [ 0 ] (fun seed cell -> { cell with Seed = seed })
    let error = Assert.Throws<InvalidInputException>(fun () -> Axis.zip shots short |> ignore)
    Assert.Contains("'shots' has 3 points and 'seed' has 1", error.Message)

[<Fact>]
let ``cells can be kept and left out, and studies joined without repeats`` () =
    let first = study |> Sweep.where (fun cell -> cell.Seed = 0)
    let rest = study |> Sweep.except (fun cell -> cell.Seed = 0)

    Assert.Equal<string list>(
        Sweep.ids study,
        (Sweep.ids first @ Sweep.ids rest) |> List.sortBy (fun id -> List.findIndex ((=) id) (Sweep.ids study))
    )

    Assert.Equal(4, (first |> Sweep.append study).Cells.Length)
    Assert.Equal<string list>(Sweep.ids first @ Sweep.ids rest, Sweep.ids (Sweep.concat [ first; rest; first ]))
    Assert.Throws<Falcon.InvalidInputException>(fun () -> Sweep.concat ([]: Sweep list) |> ignore) |> ignore

[<Fact>]
let ``an axis that changes nothing about a cell does not repeat it`` () =
    let same = study |> Sweep.axis "nothing" [ 1; 2 ] (fun _ cell -> cell)
    Assert.Equal<string list>(Sweep.ids study, Sweep.ids same)

[<Fact>]
let ``what neither options nor shots nor seed show is noted in id and title`` () =
    let sampled =
        study
        |> Sweep.axis "features" [ FeatureFormat.exact; { FeatureFormat.exact with Storage = Float16 } ] (fun features cell ->
            { cell with Features = features })

    Assert.Equal(8, sampled.Cells |> List.map Cell.id |> List.distinct |> List.length)
    Assert.Contains("kept as float16", (Cell.label sampled.Cells[1]).Title)
