module Falcon.Cli.Tests.MetricsVerbTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Weights
open Xunit

let private scores = "path,label,score\na.png,0,0.1\nb.png,0,0.4\nc.png,1,0.35\nd.png,1,0.8\n"

/// Two images of 2 × 2 pixels, one with a defect that the map finds.
let private maps (folder: Scratch.Folder) =
    Directory.CreateDirectory(folder.File "maps") |> ignore
    Directory.CreateDirectory(folder.File "masks/hole") |> ignore

    SafetensorsWriter.Write(
        folder.File "maps/maps.safetensors",
        [| StoredTensor.Of("test/good/0.png", [| 0.0f; 1.0f; 2.0f; 3.0f |], 2L, 2L)
           StoredTensor.Of("test/hole/0.png", [| 0.0f; 9.0f; 2.0f; 1.0f |], 2L, 2L) |]
    )

    ImageFile.WritePng(folder.File "masks/hole/0_mask.png", RasterImage(2, 2, 1, [| 0uy; 255uy; 0uy; 0uy |]))
    $"""--maps {folder.File "maps"} --masks {folder.File "masks"}"""

[<Fact>]
let ``anybody's scores are evaluated, as a table`` () =
    use folder = new Scratch.Folder()
    File.WriteAllText(folder.File "scores.csv", scores)
    let outcome = Command.run $"""metrics --scores {folder.File "scores.csv"}"""
    Assert.Equal(ExitCode.Fine, outcome.ExitCode)
    Golden.check "metrics" outcome.Out

[<Fact>]
let ``anybody's maps are evaluated, as JSON with thresholds and AUPIMO per image`` () =
    use folder = new Scratch.Folder()
    let outcome = Command.run $"metrics {maps folder} --json"
    Assert.Equal(ExitCode.Fine, outcome.ExitCode)
    let result = JsonDocument.Parse(outcome.Out).RootElement
    let metric (name: string) = result.GetProperty("metrics").GetProperty(name).GetDouble()

    for name in [ "imageAuroc"; "pixelAuroc"; "pixelF1Max"; "aupro@0.3"; "aupimo@1e-5..1e-4" ] do
        Assert.Equal(1.0, metric name, 1e-12)

    Assert.Equal(9.0, result.GetProperty("thresholds").GetProperty("pixelF1Max").GetDouble())
    Assert.Equal(1.0, result.GetProperty("aupimo@1e-5..1e-4 per image").GetProperty("test/hole/0.png").GetDouble())

[<Fact>]
let ``what is undefined is null, and a dash with its reason`` () =
    use folder = new Scratch.Folder()
    File.WriteAllText(folder.File "scores.csv", "path,label,score\na,0,1\n")
    let words = $"""metrics --scores {folder.File "scores.csv"} --metric imageAuroc"""
    let result = JsonDocument.Parse((Command.run $"{words} --json").Out).RootElement
    Assert.Equal(JsonValueKind.Null, result.GetProperty("metrics").GetProperty("imageAuroc").ValueKind)
    Assert.Contains("undefined", (Command.run words).Out)

[<Theory>]
[<InlineData("metrics", "nothing was given")>]
[<InlineData("metrics --maps x", "--masks")>]
[<InlineData("metrics --scores x --metric auroc", "there is no such metric")>]
[<InlineData("metrics --scores x --metric pixelAuroc", "needs anomaly maps")>]
let ``input that does not fit together exits with 2 before anything is read`` (words: string) (problem: string) =
    let outcome = Command.run words
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains(problem, outcome.Error)
