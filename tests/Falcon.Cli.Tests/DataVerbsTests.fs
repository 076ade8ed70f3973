module Falcon.Cli.Tests.DataVerbsTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Xunit

[<Fact>]
let ``a drawn data set is one that the check accepts`` () =
    use folder = new Scratch.Folder()
    let drawn = Command.run $"""data synth --out {folder.File "drawn"} --size 64 --json"""
    Assert.Equal(ExitCode.Fine, drawn.ExitCode)
    let categories = JsonDocument.Parse(drawn.Out).RootElement.GetProperty("categories")
    Assert.Equal(3, categories.GetArrayLength())

    let check = Command.run $"""data check {folder.File "drawn"} --shots 20 --json"""
    Assert.Equal(ExitCode.Fine, check.ExitCode)

    for category in JsonDocument.Parse(check.Out).RootElement.EnumerateArray() do
        Assert.Equal(20, category.GetProperty("train").GetInt32())
        Assert.Equal(0, category.GetProperty("errors").GetArrayLength())

[<Fact>]
let ``faults of a data set are listed together and exit with 2`` () =
    use folder = new Scratch.Folder()
    let root = folder.File "drawn"
    DrawnDataSet.Write(root, DrawnDataOptions(0L, 64, 5, 1, 1, [| "fabric"; "flange" |]))
    File.WriteAllText(Path.Combine(root, "fabric/train/good/003.png"), "no image")
    File.Delete(Path.Combine(root, "flange/train/good/000.png"))

    let outcome = Command.run $"data check {root} --shots 5"
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)

    for problem in [ "003.png"; "flange has 4 training images" ] do
        Assert.Contains(problem, outcome.Error)

[<Fact>]
let ``a folder that holds something else is not drawn over`` () =
    use folder = new Scratch.Folder()
    Directory.CreateDirectory(folder.File "mine") |> ignore
    File.WriteAllText(folder.File "mine/photo.txt", "mine")
    let outcome = Command.run $"""data synth --out {folder.File "mine"}"""
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Equal<string array>([| "mine" |], folder.Names)
