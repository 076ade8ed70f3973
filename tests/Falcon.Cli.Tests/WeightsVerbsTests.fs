module Falcon.Cli.Tests.WeightsVerbsTests

open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Weights
open Expecto

let private command store words = Command.start [ "FALCON_WEIGHTS", store ] words |> Command.finish

[<Tests>]
let tests =
    testList
        "Weights verbs"
        [ test "an imported file is listed with its place, as pure JSON" {
              use folder = new Scratch.Folder()
              let file = folder.File "mine.safetensors"
              SafetensorsWriter.Write(file, [| StoredTensor.Of("w", [| 1.0f; 2.0f |], 2L) |])

              let imported = command (folder.File "store") $"weights import {file} --json"
              Expect.equal imported.ExitCode ExitCode.Fine "exit code of imported"
              let path = JsonDocument.Parse(imported.Out).RootElement.GetProperty("path").GetString()

              let listed = command (folder.File "store") "weights list --json"
              Expect.isEmpty listed.Error "error of listed"
              let entry = JsonDocument.Parse(listed.Out).RootElement.EnumerateArray() |> Seq.last
              Expect.equal (entry.GetProperty("name").GetString()) "mine" "entry name"
              Expect.equal (entry.GetProperty("path").GetString()) path "entry path"
          }
          test "a name that the catalogue lacks exits with 2" {
              let outcome = Command.run "weights fetch resnet19"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.stringContains outcome.Error "resnet18" "error of outcome"
          } ]
