module Falcon.Cli.Tests.StoreVerbsTests

open System
open System.IO
open System.Text.Json
open System.Threading
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Experiments
open Xunit

let private silent =
    { new IProgress<StudyEvent> with
        member _.Report _ = () }

/// Two cells of one epoch on a small drawn category; the folder of the store.
let private prepare (folder: Scratch.Folder) =
    DrawnDataSet.Write(folder.File "parts", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    let store = folder.File "store"

    let runtime = { Runtime.local with Verbosity = Verbosity.Quiet; Store = Some store }

    let study =
        experiment "tiny" {
            data (Data.at (folder.File "parts") |> Data.categories [ "fabric" ])
            shots [ 2 ]
            seeds [ 0; 1 ]
            methods [ Method.falcon (FalconOptions(Epochs = 1, InputSize = 64)) ]
            teacher Teacher.random
        }

    Study.runWith silent CancellationToken.None runtime study |> ignore
    store

let private id seed = $"parts-fabric-falcon+epochs=1+inputSize=64-2shot-seed{seed}"

let private succeed words =
    let outcome = Command.run words
    Assert.True((outcome.ExitCode = ExitCode.Fine), outcome.Error)
    outcome.Out

let private json words = JsonDocument.Parse(succeed words).RootElement

[<Fact>]
let ``cells that have run are listed, shown, compared and exported`` () =
    use folder = new Scratch.Folder()
    let store = prepare folder
    let listed = succeed $"runs ls --store {store}"
    Assert.Contains(id 0, listed)
    Assert.Contains("Image AUROC", listed)
    Assert.Equal(1, (json $"runs ls seed1 --store {store} --json").GetArrayLength())
    Assert.Contains("prepar", succeed $"runs show {id 0} --store {store}")
    Assert.Equal(64, (string ((json $"runs show {id 0} --store {store} --json").GetProperty "key")).Length)
    Assert.StartsWith("epoch 1: ", succeed $"runs logs {id 0} --store {store}")

    let differences =
        [ for difference in (json $"runs diff {id 0} {id 1} --store {store} --json").EnumerateArray() ->
              string (difference.GetProperty "what") ]

    Assert.Contains("training.seed", differences)
    Assert.DoesNotContain("training.method.epochs", differences)
    Assert.Equal("nothing differs", (succeed $"runs diff {id 0} {id 0} --store {store}").Trim())
    Assert.Equal("2 cells", (succeed $"runs reindex --store {store}").Trim())

    let model = folder.File "fabric.falcon"
    succeed $"runs export {id 0} --teacher random --out {model} --store {store}" |> ignore
    let evaluated = json $"""eval --model {model} --data {folder.File "parts/fabric"} --json --threads 1"""

    let metric =
        (json $"runs show {id 0} --store {store} --json").GetProperty("result").GetProperty("metrics").GetProperty("imageAuroc")

    Assert.Equal(metric.GetDouble(), evaluated.GetProperty("imageAuroc").GetDouble())

[<Fact>]
let ``the store is measured, verified, pinned and emptied`` () =
    use folder = new Scratch.Folder()
    let store = prepare folder
    Assert.Contains("teacher-features", succeed $"cache ls --store {store}")
    succeed $"cache verify --quiet --store {store}" |> ignore
    succeed $"cache pin paper --cell {id 0} --store {store}" |> ignore
    Assert.Contains("pinned as paper: 1 results", succeed $"cache ls --store {store}")
    succeed $"cache gc --max-size 0 --store {store}" |> ignore
    let pinned = (json $"cache ls --json --store {store}").GetProperty("bytes").GetInt64()
    Assert.True(pinned > 0L)
    Assert.Contains(id 0, succeed $"runs ls --store {store}")
    succeed $"cache unpin paper --store {store}" |> ignore
    succeed $"cache gc --max-size 0 --store {store}" |> ignore
    Assert.Equal(0L, (json $"cache ls --json --store {store}").GetProperty("bytes").GetInt64())

    let blob = Directory.CreateDirectory(Path.Combine(store, "blobs", "00")).FullName
    File.WriteAllText(Path.Combine(blob, String('0', 64)), "not what it should be")
    let outcome = Command.run $"cache verify --quiet --store {store}"
    Assert.Equal(ExitCode.SomeFailed, outcome.ExitCode)
    Assert.Contains("1 broken", outcome.Out)

[<Theory>]
[<InlineData("runs show none", "no cell has such an id")>]
[<InlineData("cache unpin none", "there is no such pin")>]
[<InlineData("cache gc --max-size many", "'many' is no size")>]
let ``what is not there is said`` (words: string) (problem: string) =
    use folder = new Scratch.Folder()
    let outcome = Command.run $"""{words} --store {folder.File ""}"""
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains(problem, outcome.Error)
    Assert.Equal(ExitCode.InvalidInput, (Command.run $"""{words} --store {folder.File "nowhere"}""").ExitCode)

[<Fact>]
let ``a report is written on the results of a study, and checked against the store`` () =
    use folder = new Scratch.Folder()
    let store = prepare folder
    let out = folder.File "report"
    let written = json $"report tiny --store {store} --out {out} --json"
    Assert.True(File.Exists(string (written.GetProperty "page")))
    Assert.Contains("every table says", succeed $"report {out} --check --store {store}")
    File.AppendAllText(Path.Combine(out, "table.md"), "100.0")
    let outcome = Command.run $"report {out} --check --store {store}"
    Assert.Equal(ExitCode.SomeFailed, outcome.ExitCode)
    Assert.Contains("table.md", outcome.Out)
    Assert.Contains("Did you mean 'tiny'?", (Command.run $"report tinny --store {store}").Error)
