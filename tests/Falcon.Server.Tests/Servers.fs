/// Servers in the process of the tests, and one that all share.
module Falcon.Server.Tests.Servers

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Server
open Http

/// The command that does jobs: falcon.dll beside the tests.
let worker =
    [| "dotnet"; "exec"; typeof<Falcon.Cli.Verb>.Assembly.Location; "serve"; "--threads"; "1" |]

let options home = ServerOptions(home, worker, Port = 0, Threads = 1, Log = (fun line -> eprintfn $"server: {line}"))

let start (options: ServerOptions) = FalconServer.Start(options).GetAwaiter().GetResult()

let stop (server: FalconServer) = server.DisposeAsync().AsTask().GetAwaiter().GetResult()

/// Runs a server for a while.
let running options (action: Uri -> 'Result) =
    let server = start options

    try
        action server.Address
    finally
        stop server

let private shared = lazy start (options (Photos.scratch "home"))

/// The server that tests share; each makes parts of its own.
let address () = shared.Value.Address

let home () = shared.Value.Home

let close () =
    if shared.IsValueCreated then stop shared.Value
    Photos.remove ()

/// A new part.
let part server name = text (fine (post server "/api/parts" (json $"""{{"name":"{name}"}}"""))) "id"

let add server part (files: string list) =
    fine (post server $"/api/parts/{part}/photos" (form [ for file in files -> Path.GetFileName file |> nonNull, File.ReadAllBytes file ]))

/// Waits for the end of a job.
let ended server job =
    let clock = Diagnostics.Stopwatch.StartNew()

    let rec wait () =
        let state = fine (get server $"/api/jobs/{job}")

        match text state "state" with
        | "queued"
        | "running" when clock.Elapsed < TimeSpan.FromSeconds 90.0 ->
            Thread.Sleep 20
            wait ()
        | _ -> state

    wait ()

let done' server job =
    let state = ended server job
    Expect.equal (text state "state") "done" (string state)
    state

/// What a training of a second takes.
let quick = """{"method":"padim","options":{"inputSize":64},"teacher":"random"}"""

let train server part request = text (fine (post server $"/api/parts/{part}/trainings" (json request))) "id"

/// A part with a model on the shared server, which tests do not change.
let trained =
    lazy
        (let server = address ()
         let id = part server "fabric"
         add server id Photos.good.Value |> ignore
         done' server (train server id quick) |> ignore
         id)

/// A part with a model of its own.
let trainedAnew name =
    let server = address ()
    let id = part server name
    add server id (List.truncate 3 Photos.good.Value) |> ignore
    done' server (train server id quick) |> ignore
    id

let inspect server part query (bytes: byte array) = post server $"/api/parts/{part}/inspections{query}" (raw bytes)
