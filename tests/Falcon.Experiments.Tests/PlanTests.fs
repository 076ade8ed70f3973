module Falcon.Experiments.Tests.PlanTests

open System.IO
open System.Threading
open Xunit
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Reports

let private run runtime (study: #IStudy) = Study.runWith (Listener()) CancellationToken.None runtime study |> ignore

let private states (plan: Plan) = [ for cell in plan.Cells -> cell.State, cell.Reason ]

[<Fact>]
let ``a plan says of each cell what would be done and why, and computes nothing`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = { study (folder.Path "photos") with Data = [ Data.at (folder.Path "photos") |> Data.categories [ "plate" ] ] }
    let runtime = runtime (folder.Path "out")
    let plan = Study.plan runtime study
    Assert.Equal<(PlannedState * string) list>(List.replicate 2 (PlannedState.Run, "nothing like it has run"), states plan)
    Assert.Equal(None, plan.Expected)
    Assert.False(Directory.Exists(folder.Path "out"))

    run runtime study
    Assert.Equal<(PlannedState * string) list>(List.replicate 2 (PlannedState.Hit, ""), states (Study.plan runtime study))

    let measured = Study.plan runtime { study with Metrics = [ ImageAuroc; PixelAuroc; ImageAp ] }
    Assert.Equal<(PlannedState * string) list>(List.replicate 2 (PlannedState.Run, "to be measured: pixelAuroc, imageAp"), states measured)

    let other =
        Study.plan
            runtime
            { study with
                Methods = [ Method.falcon (FalconOptions(Epochs = 1, InputSize = 64, NoiseWeight = 4.0)) ]
                Seeds = [ 1 ] }

    Assert.Equal<(PlannedState * string) list>([ PlannedState.Run, "method.noiseWeight 2 → 4" ], states other)
    Assert.True(other.Expected.Value > 0.0)

    let unlike = Study.plan runtime { study with Methods = [ Method.padim (PadimOptions(InputSize = 64)) ] }
    Assert.Equal<(PlannedState * string) list>(List.replicate 2 (PlannedState.Run, "nothing like it has run"), states unlike)

    let seeded = Study.plan runtime { study with Seeds = [ 5 ] }

    Assert.Equal(
        (PlannedState.Run, "seed 0 → 5, training images"),
        (let state, reason = (states seeded).Head in state, reason.Replace("seed 1", "seed 0"))
    )

[<Fact>]
let ``a cell whose images have changed is stale, one that failed stays failed`` () =
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
    let stale = PlannedState.Stale, "training images"
    Assert.Equal<(PlannedState * string) list>([ stale; stale; PlannedState.Hit, ""; PlannedState.Hit, "" ], states plan)
    let table = TableStyle.Console.Render(Plan.table plan)
    Assert.Contains("4 cells: 2 hit, 0 run, 2 stale, 0 failed", table)
    Assert.Contains("photos-plate-falcon+epochs=1+inputSize=64-2shot-seed0", table)

[<Fact>]
let ``a sampler that finds too few images is reported for every category before anything runs`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = { study (folder.Path "photos") with Sampler = Sampler.sortedSlice; Seeds = [ 0; 2 ] }

    let error = Assert.Throws<Falcon.InvalidInputException>(fun () -> Study.plan (runtime (folder.Path "out")) study |> ignore)

    Assert.Equal<string list>(
        [ for name in [ "plate"; "cloth" ] -> $"category {name} has 4 training images, which are 2 slices of 2, and none for seed 2" ],
        [ for finding in error.Findings -> finding.What ]
    )

[<Fact>]
let ``the protocol of a cell names the sampler and whose choice it repeats`` () =
    let line sampler =
        let study = { study "photos" with Sampler = sampler }
        (Cell.protocol (List.head (Experiment.cells study))).Line

    Assert.Contains(
        "training images: first k of a seeded permutation (PyTorch's randperm, as the public code of FALCON);",
        line Sampler.seededPermutation
    )

    Assert.Contains("training images: images seed·k to (seed+1)·k by name;", line Sampler.sortedSlice)
    Assert.Contains("k draws with replacement, seed 512 in every cell (PyTorch's randint", line Sampler.pcsnet512)
    Assert.Contains("first k of a fixed list (the list support.csv);", line (Sampler.listed "lists/support.csv"))
