module Falcon.Cli.Tests.ParityVerbTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Xunit

[<Fact>]
let ``fixtures within their tolerance exit with 0`` () =
    let outcome = Command.run $"""parity {Fixtures.require [ "parity"; "metrics" ]} --json"""
    Assert.Equal(ExitCode.Fine, outcome.ExitCode)
    let result = JsonDocument.Parse(outcome.Out).RootElement
    Assert.True(result.GetProperty("passed").GetBoolean())

    for tensor in result.GetProperty("tensors").EnumerateArray() do
        Assert.True(tensor.GetProperty("error").GetDouble() <= tensor.GetProperty("tolerance").GetDouble())

[<Fact>]
let ``a folder of another name exits with 2 and names the suites`` () =
    use folder = new Scratch.Folder()
    let unknown = Directory.CreateDirectory(folder.File "hawk").FullName
    let outcome = Command.run $"parity {unknown}"
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains("resize", outcome.Error)
