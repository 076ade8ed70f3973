/// Servers that are killed or stopped in the middle of something: a process of its own, as a user runs it.
module Falcon.Server.Tests.DeathTests

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Sockets
open System.Text
open System.Text.Json
open System.Threading
open Expecto
open Falcon.Tests
open Http
open Servers

/// A training of a few seconds that leaves checkpoints on its way.
let private slow = """{"method":"stpm","options":{"inputSize":64,"epochs":40},"teacher":"random","seed":3}"""

let private run home =
    let info =
        ProcessStartInfo(
            "dotnet",
            [| "exec"
               falcon
               "serve"
               "--home"
               home
               "--port"
               "0"
               "--threads"
               "1"
               "--job-priority"
               "normal"
               "--json" |]
        )

    info.RedirectStandardOutput <- true
    info.RedirectStandardError <- true
    let server = nonNull (Process.Start info)
    server.ErrorDataReceived.Add ignore
    server.BeginErrorReadLine()
    let line = nonNull (server.StandardOutput.ReadLine())
    server, Uri(text (JsonDocument.Parse(line).RootElement) "address")

let private kill (server: Process) =
    server.Kill(entireProcessTree = false)
    server.WaitForExit()

/// Ends a test's servers, however it ends.
type private Started() =
    let servers = ResizeArray<Process>()

    member _.Run home =
        let server, address = run home
        servers.Add server
        server, address

    interface IDisposable with
        member _.Dispose() =
            for server in servers do
                if not server.HasExited then kill server
                server.Dispose()

let private share server job =
    match (fine (get server $"/api/jobs/{job}")).GetProperty("progress").GetProperty "share" with
    | share when share.ValueKind = JsonValueKind.Number -> share.GetDouble()
    | _ -> 0.0

let private until (condition: unit -> bool) =
    if not (SpinWait.SpinUntil(condition, 60_000)) then
        failtest "It did not happen within a minute."

[<Tests>]
let tests =
    testList
        "Death"
        [ test
              "a server that is killed in a training and in an upload loses nothing that was acknowledged, and the model has the bits of a training without it" {
              let home = Photos.scratch "killed"
              use started = new Started()
              let server, address = started.Run home
              let id = part address "killed"
              add address id (List.truncate 2 Photos.good.Value) |> ignore
              let job = train address id slow
              until (fun () -> share address job > 0.1)
              // Half of an upload.
              use client = new TcpClient(address.Host, address.Port)
              let good = File.ReadAllBytes Photos.good.Value[4]

              client
                  .GetStream()
                  .Write(
                      Encoding.ASCII.GetBytes
                          $"POST /api/parts/{id}/photos HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {good.Length}\r\n\r\n"
                  )

              client.GetStream().Write(good, 0, good.Length / 2)
              until (fun () -> Directory.GetFiles(Path.Combine(home, "uploads")).Length > 0)
              kill server

              let _, address = started.Run home
              Expect.isEmpty (Directory.GetFiles(Path.Combine(home, "uploads"))) "half of an upload"
              Expect.equal (items (fine (get address $"/api/parts/{id}")) "photos").Length 2 "photos"
              let state = done' address job
              Expect.isGreaterThan (state.GetProperty("starts").GetInt32()) 1 "starts"
              let model = (get address $"/api/parts/{id}/model/file").Bytes
              done' address (train address id slow) |> ignore
              let again = (get address $"/api/parts/{id}/model/file").Bytes
              Expect.isTrue (model.AsSpan().SequenceEqual(again.AsSpan())) "the model file is the same to the byte"
          }

          test "a server that is stopped in a training leaves a checkpoint and goes on with it" {
              let options = options (Photos.scratch "stopped")

              let id, job =
                  running options (fun server ->
                      let id = part server "stopped"
                      add server id (List.truncate 2 Photos.good.Value) |> ignore
                      let job = train server id slow
                      until (fun () -> share server job > 0.05)
                      id, job)

              let checkpoints =
                  Directory.GetFiles(Path.Combine(Photos.scratch "stopped", "jobs", job), "*.checkpoint", SearchOption.AllDirectories)

              Expect.isNonEmpty checkpoints "checkpoints"

              running options (fun server ->
                  let state = done' server job
                  Expect.equal (state.GetProperty("starts").GetInt32()) 2 "starts"

                  Expect.equal
                      ((fine (get server $"/api/parts/{id}/model")).GetProperty("version").GetProperty("version").GetInt32())
                      1
                      "version")
          } ]
