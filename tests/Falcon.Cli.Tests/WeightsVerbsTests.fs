module Falcon.Cli.Tests.WeightsVerbsTests

open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Weights
open Xunit

let private command store words = Command.start [ "FALCON_WEIGHTS", store ] words |> Command.finish

[<Fact>]
let ``an imported file is listed with its place, as pure JSON`` () =
    use folder = new Scratch.Folder()
    let file = folder.File "mine.safetensors"
    SafetensorsWriter.Write(file, [| StoredTensor.Of("w", [| 1.0f; 2.0f |], 2L) |])

    let imported = command (folder.File "store") $"weights import {file} --json"
    Assert.Equal(ExitCode.Fine, imported.ExitCode)
    let path = JsonDocument.Parse(imported.Out).RootElement.GetProperty("path").GetString()

    let listed = command (folder.File "store") "weights list --json"
    Assert.Empty listed.Error
    let entry = JsonDocument.Parse(listed.Out).RootElement.EnumerateArray() |> Seq.last
    Assert.Equal("mine", entry.GetProperty("name").GetString())
    Assert.Equal(path, entry.GetProperty("path").GetString())

[<Fact>]
let ``a name that the catalogue lacks exits with 2`` () =
    let outcome = Command.run "weights fetch resnet19"
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains("resnet18", outcome.Error)
