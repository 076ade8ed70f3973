/// Servers in the process of the tests, and one that all share.
module Falcon.Server.Tests.Servers

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Core.Tests
open Falcon.Server
open Http

/// The command as a user runs it, compiled ahead of time; else the one beside the tests.
let falcon =
    let beside = typeof<Falcon.Cli.Verb>.Assembly.Location

    let published =
        Fixtures.repositoryRoot
        |> Option.map (fun root -> Path.Combine(root, "artifacts", "publish", "Falcon.Cli", "release", "falcon.dll"))

    match published with
    | Some path when File.Exists path -> path
    | _ -> beside

/// The command that does jobs.
let worker = [| "dotnet"; "exec"; falcon; "serve"; "--threads"; "1"; "--job-priority"; "normal" |]

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

/// What a training of a second takes. Photos of 8 bits are seen as without a white level.
let quick = """{"method":"padim","options":{"inputSize":64,"whiteLevel":4095},"teacher":"random"}"""

/// Waits for the end of a job.
let ended server job =
    let clock = Diagnostics.Stopwatch.StartNew()

    let rec wait () =
        let state = fine (get server $"/api/jobs/{job}")

        match text state "state" with
        | "queued"
        | "running" when clock.Elapsed < TimeSpan.FromSeconds 120.0 ->
            Thread.Sleep 20
            wait ()
        | _ -> state

    wait ()

let done' server job =
    let state = ended server job
    Expect.equal (text state "state") "done" (string state)
    state

let train server part request = text (fine (post server $"/api/parts/{part}/trainings" (json request))) "id"

/// A new part.
let part server name = text (fine (post server "/api/parts" (json $"""{{"name":"{name}"}}"""))) "id"

let add server part (files: string list) =
    fine (post server $"/api/parts/{part}/photos" (form [ for file in files -> Path.GetFileName file |> nonNull, File.ReadAllBytes file ]))

/// A home with one part that has a model, and the part.
let private template =
    lazy
        (let home = Photos.scratch "template"

         running (options home) (fun server ->
             let id = part server "fabric"
             add server id Photos.good.Value |> ignore
             done' server (train server id quick) |> ignore
             Path.Combine(home, "parts", id), id))

let rec private copy (source: string) (target: string) =
    Directory.CreateDirectory target |> ignore

    for file in Directory.GetFiles source do
        File.Copy(file, Path.Combine(target, nonNull (Path.GetFileName file)))

    for folder in Directory.GetDirectories source do
        copy folder (Path.Combine(target, nonNull (Path.GetFileName folder)))

/// A home with that many parts that have a model each, and the parts: nobody waits for more than one training.
let private furnished home count =
    let folder, id = template.Value
    let names = [ for i in 0 .. count - 1 -> $"spare0000{i}" ]

    for name in names do
        let target = Path.Combine(home, "parts", name)
        copy folder target
        let record = Path.Combine(target, "part.json")
        File.WriteAllText(record, File.ReadAllText(record).Replace(id, name))

    names

/// A home with a part that has a model, and the part.
let furnish home = List.exactlyOne (furnished home 1)

let private spare = System.Collections.Concurrent.ConcurrentQueue<string>()

let private shared =
    lazy
        (let home = Photos.scratch "home"
         List.iter spare.Enqueue (furnished home 6)
         start (options home))

/// The server that tests share; each makes parts of its own.
let address () = shared.Value.Address

let home () = shared.Value.Home

let close () =
    if shared.IsValueCreated then stop shared.Value
    Photos.remove ()

let private taken () =
    address () |> ignore

    match spare.TryDequeue() with
    | true, part -> part
    | _ -> failtest "There are too few parts with a model: raise their number."

/// A part with a model on the shared server, which tests do not change.
let trained = lazy taken ()

/// A part with a model of its own, on the shared server.
let trainedAnew () = taken ()

let inspect server part query (bytes: byte array) = post server $"/api/parts/{part}/inspections{query}" (raw bytes)
