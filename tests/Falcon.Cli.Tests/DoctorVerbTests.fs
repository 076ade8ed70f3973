module Falcon.Cli.Tests.DoctorVerbTests

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Expecto

let private states environment =
    let outcome = Command.start environment "doctor --json" |> Command.finish

    outcome.ExitCode,
    Map
        [ for check in JsonDocument.Parse(outcome.Out).RootElement.GetProperty("checks").EnumerateArray() do
              let text (name: string) = check.GetProperty(name).GetString() |> string
              text "name", (text "state", text "fix") ]

[<Tests>]
let tests =
    testList
        "Doctor verb"
        [ test "what is missing is named with the command that mends it" {
              use folder = new Scratch.Folder()
              let exitCode, states = states [ "FALCON_FONTS", folder.File "nothing" ]
              Expect.equal exitCode ExitCode.SomeFailed "exit code"
              Expect.equal states["font"] ("missing", "sudo apt-get install fonts-dejavu-core") "states font"
              Expect.equal (fst states["engine"]) "ok" "states libtorch"
          }
          test "the engine loads where nothing can be cached, and leaves one copy of its binding where it can" {
              use folder = new Scratch.Folder()
              let _, cached = states [ "XDG_CACHE_HOME", folder.File "cache" ]
              Expect.equal (fst cached["engine"]) "ok" "state of the engine"

              let copies =
                  if Directory.Exists(folder.File "cache") then
                      Directory.GetFiles(folder.File "cache", "*", SearchOption.AllDirectories).Length
                  else
                      0

              Expect.equal copies (if Falcon.Engine.TorchBinding.NeedsCopy then 1 else 0) "files in the cache"
              File.WriteAllText(folder.File "file", "")
              let _, uncached = states [ "XDG_CACHE_HOME", folder.File "file" ]
              Expect.equal (fst uncached["engine"]) "ok" "state of the engine without a cache"
          }
          test "threads that wait actively are warned about" {
              let _, states = states [ "OMP_WAIT_POLICY", "ACTIVE" ]
              Expect.equal (fst states["threads"]) "warning" "states threads"
              Expect.stringContains (snd states["threads"]) "unset OMP_WAIT_POLICY" "states threads"
          }
          test "a process that computes is seen as busy" {
              use endless = Process.Start("sh", [ "-c"; "while :; do :; done" ])

              try
                  let busy = HostLoad.busyProcesses (TimeSpan.FromSeconds 1.0)
                  Expect.exists busy (fun other -> other.Id = endless.Id && other.Cores > 0.0) "busy"
              finally
                  endless.Kill()
          } ]
