module Falcon.Experiments.Tests.StudyTests

open System
open System.IO
open System.Threading
open Xunit
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy

let private runWith listener runtime study = Study.runWith listener CancellationToken.None runtime study

let private run runtime study = runWith (Listener()) runtime study

let private outcomes (result: StudyResult) =
    [ for _, outcome in result.Outcomes ->
          match outcome with
          | Computed _ -> "computed"
          | Kept _ -> "kept"
          | Failed failure -> $"failed: {failure.Message}" ]

let private cellFile (result: StudyResult) index name = Path.Combine(result.Folder, "cells", Cell.id (fst result.Outcomes[index]), name)

[<Fact>]
let ``a study computes every cell, and the same bytes again with another number of loader workers`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = { study (folder.Path "photos") with Seeds = [ 7 ] }
    let first = study |> run { runtime (folder.Path "first") with LoaderWorkers = 1 }
    let second = study |> run { runtime (folder.Path "second") with LoaderWorkers = 3 }
    Assert.Equal<string list>(List.replicate 2 "computed", outcomes first)

    for index in 0..1 do
        for name in [ "scores.csv"; "model.safetensors"; "maps.safetensors"; "key.json" ] do
            Assert.Equal(FileDigest.Sha256(cellFile first index name), FileDigest.Sha256(cellFile second index name))

    let result = first.Results.Head
    Assert.Equal(4, result.Images.Count)
    Assert.Equal(2, result.Images |> Seq.filter _.IsAnomalous |> Seq.length)
    Assert.NotNull(result.Find ImageAuroc)
    Assert.Equal("FALCON (epochs 1, input size 64, random teacher)", result.Method.Title)

[<Fact>]
let ``finished cells are kept, and a change of the images recomputes the cells that use them and says why`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = study (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    study |> run runtime |> ignore
    Assert.Equal<string list>(List.replicate 4 "kept", study |> run runtime |> outcomes)

    let category = Path.Combine(folder.Path "photos", categories[1])
    File.Copy(Path.Combine(category, "train/good/0.png"), Path.Combine(category, "test/good/0.png"), true)
    let listener = Listener()
    let changed = study |> runWith listener runtime
    Assert.Equal<string list>([ "kept"; "kept"; "computed"; "computed" ], outcomes changed)

    let reasons =
        listener.Events
        |> List.choose (fun event ->
            match event with
            | CellStarted(_, reason) -> reason
            | _ -> None)

    Assert.Equal<string list>([ "test differs"; "test differs" ], reasons)

[<Fact>]
let ``another metric is measured on the maps that are there`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = study (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    let first = study |> run runtime
    let model = File.GetLastWriteTimeUtc(cellFile first 0 "model.safetensors")
    let more = { study with Metrics = [ PixelAuroc; ImageAuroc ] } |> run runtime
    Assert.Equal<string list>(List.replicate 4 "kept", outcomes more)
    Assert.Equal(model, File.GetLastWriteTimeUtc(cellFile first 0 "model.safetensors"))
    Assert.Equal<string list>([ "pixelAuroc"; "imageAuroc" ], [ for value in more.Results.Head.Metrics -> value.Metric.Name ])
    Assert.Equal(first.Results.Head.Find ImageAuroc, more.Results.Head.Find ImageAuroc)

[<Fact>]
let ``a cell that fails keeps its message and log, and the others go on`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = study (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    let second = Experiment.cells study |> List.item 1 |> Cell.id
    let obstacle = Path.Combine(folder.Path "out", "cells", second, "maps.safetensors")
    Directory.CreateDirectory obstacle |> ignore
    let result = study |> run runtime
    Assert.Equal<string list>([ "computed"; "failed"; "computed"; "computed" ], [ for outcome in outcomes result -> outcome.Split(':')[0] ])
    let cell, failure = result.Failed.Head
    Assert.Equal(second, Cell.id cell)
    Assert.Contains("maps.safetensors", failure.Message)
    Assert.StartsWith(failure.Message, File.ReadAllText failure.Log)

    Directory.Delete obstacle
    let again = study |> run runtime
    Assert.Equal<string list>([ "kept"; "computed"; "kept"; "kept" ], outcomes again)
    Assert.False(File.Exists failure.Log)

[<Fact>]
let ``a cancelled study keeps its finished cells and continues`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = study (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    use cancellation = new CancellationTokenSource()

    let cancelInSecond =
        { new IProgress<StudyEvent> with
            member _.Report event =
                match event with
                | CellTraining(cell, _) when cell.Seed = 1 -> cancellation.Cancel()
                | _ -> () }

    Assert.Throws<OperationCanceledException>(fun () -> Study.runWith cancelInSecond cancellation.Token runtime study |> ignore)
    |> ignore

    Assert.Equal<string list>([ "kept"; "computed"; "computed"; "computed" ], study |> run runtime |> outcomes)

[<Fact>]
let ``everything that is wrong is found at once, before any work`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")

    let wrong =
        experiment "wrong" {
            dataSets
                [ Data.at (folder.Path "photos") |> Data.categories [ categories[0]; "absent" ]
                  Data.at (folder.Path "nowhere") |> Data.categories [ "bottle" ] ]

            shots [ 5 ]
            seeds [ 0; 0 ]
            methods [ Method.falcon (FalconOptions(Epochs = 0)) ]
            teacher (Teacher.file (folder.Path "teacher.pth"))
        }

    let error = Assert.Throws<InvalidInputException>(fun () -> wrong |> run (runtime (folder.Path "out")) |> ignore)

    let findings = [ for finding in error.Findings -> string finding ]

    for expected in [ "absent"; "nowhere"; "teacher.pth"; "Epochs"; "2 cells"; categories[0] ] do
        Assert.True(findings |> List.exists _.Contains(expected), $"""{expected} is not in {String.Join("; ", findings)}""")

    Assert.False(Directory.Exists(folder.Path "out"))
