module Falcon.Cli.Tests.ParityVerbTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Expecto

[<Tests>]
let tests =
    testList
        "Parity verb"
        [ test "fixtures within their tolerance exit with 0" {
              let outcome = Command.run $"""parity {Fixtures.require [ "parity"; "metrics" ]} --json"""
              Expect.equal outcome.ExitCode ExitCode.Fine "exit code of outcome"
              let result = JsonDocument.Parse(outcome.Out).RootElement
              Expect.isTrue (result.GetProperty("passed").GetBoolean()) "result passed"

              for tensor in result.GetProperty("tensors").EnumerateArray() do
                  Expect.isLessThanOrEqual
                      (tensor.GetProperty("error").GetDouble())
                      (tensor.GetProperty("tolerance").GetDouble())
                      "tensor error"
          }
          test "a folder of another name exits with 2 and names the suites" {
              use folder = new Scratch.Folder()
              let unknown = Directory.CreateDirectory(folder.File "hawk").FullName
              let outcome = Command.run $"parity {unknown}"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.stringContains outcome.Error "resize" "error of outcome"
          } ]
