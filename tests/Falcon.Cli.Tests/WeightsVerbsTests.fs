module Falcon.Cli.Tests.WeightsVerbsTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
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
          test "the teacher of a restored package is fetched without a server, and teaches where nobody names a teacher" {
              use folder = new Scratch.Folder()
              let fetched = command (folder.File "store") "weights fetch resnet18-mlnet --json"

              if fetched.Error.Contains "has not been restored" then skiptest fetched.Error

              Expect.equal fetched.ExitCode ExitCode.Fine fetched.Error
              let path = JsonDocument.Parse(fetched.Out).RootElement.GetProperty("path").GetString() |> nonNull
              Expect.equal (Path.GetDirectoryName path) (folder.File "store") "folder of the file"

              DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 2, 1, 1, [| "fabric" |]))

              // What is named, what is meant without a name, and what Falcon brings.
              for given, expected in
                  [ "--teacher resnet18-mlnet", "resnet18 of resnet18-mlnet.safetensors"
                    "", "resnet18 of resnet18-mlnet.safetensors"
                    "--teacher kestrel --backbone resnet18", "resnet18 of kestrel.safetensors" ] do
                  let trained =
                      command
                          (folder.File "store")
                          $"""train --method patchcore --data {folder.File "data"} --shots 2 {given} --threads 1 --set inputSize=64 --out {folder.File "fabric.falcon"}"""

                  Expect.equal trained.ExitCode ExitCode.Fine trained.Error
                  Expect.stringContains trained.Out $"teacher: {expected}\n" "teacher of the detector"
          }
          test "a name that the catalogue lacks exits with 2" {
              let outcome = Command.run "weights fetch resnet19"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.stringContains outcome.Error "resnet18" "error of outcome"
          } ]
