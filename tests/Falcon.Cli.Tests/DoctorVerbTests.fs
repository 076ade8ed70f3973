module Falcon.Cli.Tests.DoctorVerbTests

open System
open System.Diagnostics
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Xunit

let private states environment =
    let outcome = Command.start environment "doctor --json" |> Command.finish

    outcome.ExitCode,
    Map
        [ for check in JsonDocument.Parse(outcome.Out).RootElement.GetProperty("checks").EnumerateArray() do
              let text (name: string) = check.GetProperty(name).GetString() |> string
              text "name", (text "state", text "fix") ]

[<Fact>]
let ``what is missing is named with the command that mends it`` () =
    use folder = new Scratch.Folder()
    let exitCode, states = states [ "PATH", folder.File "nothing" ]
    Assert.Equal(ExitCode.SomeFailed, exitCode)
    Assert.Equal(("missing", "sudo apt-get install gnuplot-nox"), states["gnuplot"])
    Assert.Equal("ok", fst states["libtorch"])

[<Fact>]
let ``threads that wait actively are warned about`` () =
    let _, states = states [ "OMP_WAIT_POLICY", "ACTIVE" ]
    Assert.Equal("warning", fst states["threads"])
    Assert.Contains("unset OMP_WAIT_POLICY", snd states["threads"])

[<Fact>]
let ``a process that computes is seen as busy`` () =
    use endless = Process.Start("sh", [ "-c"; "while :; do :; done" ])

    try
        let busy = HostLoad.busyProcesses (TimeSpan.FromSeconds 1.0)
        Assert.Contains(busy, fun other -> other.Id = endless.Id && other.Cores > 0.0)
    finally
        endless.Kill()
