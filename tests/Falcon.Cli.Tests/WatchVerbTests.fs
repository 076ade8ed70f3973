module Falcon.Cli.Tests.WatchVerbTests

open System
open System.Collections.Concurrent
open System.IO
open System.Net
open System.Net.Sockets
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Expecto
open Falcon.Core.Tests
open Falcon.Core.Tests.Watching
open Falcon.Tests
open MQTTnet
open MQTTnet.Server

/// Puts a photo of a part into place when it is whole.
let private photo number isDefective path =
    let aside = $"{path}.part"
    File.WriteAllBytes(aside, PartPhotos.png number isDefective)
    File.Move(aside, path, true)

let private train (folder: Scratch.Folder) =
    Directory.CreateDirectory(folder.File "good") |> ignore

    for number in 1..4 do
        photo number false (folder.File $"good/{number}.png")

    let model = folder.File "part.falcon"
    let good = folder.File "good"

    let outcome =
        Command.run $"train --method patchcore --teacher kestrel --set inputSize=64 --shots 4 --data {good} --out {model}"

    Expect.equal outcome.ExitCode 0 outcome.Error
    Directory.CreateDirectory(folder.File "photos") |> ignore
    model

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

/// Waits until something holds, at most half a minute.
let private until what (holds: unit -> bool) =
    if not (SpinWait.SpinUntil(holds, TimeSpan.FromSeconds 30.0)) then
        failwith $"In half a minute there was no {what}."

let private files (journal: string) =
    if File.Exists journal then
        use file = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        use reader = new StreamReader(file)

        [ for line in (reader.ReadToEnd()).Split('\n', StringSplitOptions.RemoveEmptyEntries) do
              use record = JsonDocument.Parse line
              string (record.RootElement.GetProperty("file").GetString()) ]
    else
        []

/// A broker, a server of web hooks, and what they have been told.
type private Listeners() =
    let mqttPort, httpPort = freePort (), freePort ()
    let published, posted = ConcurrentQueue<string>(), ConcurrentQueue<string>()

    let broker =
        MqttServerFactory()
            .CreateMqttServer(
                MqttServerOptionsBuilder()
                    .WithDefaultEndpoint()
                    .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                    .WithDefaultEndpointPort(mqttPort)
                    .Build()
            )

    let http = new HttpListener()

    let listen () =
        task {
            while http.IsListening do
                let! context = http.GetContextAsync()
                use reader = new StreamReader(context.Request.InputStream)
                let! body = reader.ReadToEndAsync()
                posted.Enqueue body
                context.Response.Close()
        }

    do
        broker.add_InterceptingPublishAsync (fun published' ->
            published.Enqueue(published'.ApplicationMessage.Topic + " " + published'.ApplicationMessage.ConvertPayloadToString())
            Task.CompletedTask)

        broker.StartAsync().Wait()
        http.Prefixes.Add $"http://127.0.0.1:{httpPort}/"
        http.Start()
        listen () |> ignore

    member _.Published = List.ofSeq published
    member _.Posted = List.ofSeq posted
    member _.Arguments = $"--mqtt mqtt://127.0.0.1:{mqttPort}/line/3 --webhook http://127.0.0.1:{httpPort}/hook"

    interface IDisposable with
        member _.Dispose() =
            http.Close()
            broker.Dispose()

[<Tests>]
let tests =
    testList
        "falcon watch"
        [ test "a watch that is killed goes on: each photo once in the journal and the table, and at least once for broker and hook" {
              use folder = new Scratch.Folder()
              let model = train folder
              use listeners = new Listeners()
              let photos, results = folder.File "photos", folder.File "results"
              let journal = Path.Combine(results, "inspections.jsonl")
              let command = $"watch {photos} --model {model} --out {results} {listeners.Arguments} --threads 1"

              for round in 0..2 do
                  use running = Command.start [] command

                  for number in 0..2 do
                      let name = 10 * round + number
                      photo (100 + name) (number = 2) (Path.Combine(photos, $"{name}.png"))

                  // The last ones arrive while it dies, or while nobody watches.
                  until "inspection" (fun () -> (files journal).Length > 3 * round)
                  running.Kill()
                  running.WaitForExit()

              use running = Command.start [] command

              until "last inspection" (fun () ->
                  (files journal).Length = 9 && listeners.Posted.Length >= 9 && listeners.Published.Length >= 9)

              Command.signal "TERM" running
              let ended = Command.finish running
              Expect.equal ended.ExitCode 143 ended.Error

              let expected =
                  [ for round in 0..2 do
                        for number in 0..2 -> $"{10 * round + number}.png" ]
                  |> List.sort

              Expect.equal (List.sort (files journal)) expected "journal"
              let rows = File.ReadAllLines(Path.Combine(results, "inspections.csv")) |> Array.skip 1
              Expect.equal (rows |> Array.map (fun row -> row.Split(',')[1]) |> Array.sort |> List.ofArray) expected "table"
              Expect.equal (rows |> Array.filter (fun row -> row.Split(',')[6] = "1") |> Array.length) 3 "defects"

              for name in expected do
                  Expect.exists listeners.Posted (_.Contains($"\"{name}\"")) name
                  Expect.exists listeners.Published (fun said -> said.StartsWith "line/3 {" && said.Contains $"\"{name}\"") name
          }
          test "what cannot be watched or told is refused before anything is inspected" {
              use folder = new Scratch.Folder()
              let model = train folder
              let photos, results = folder.File "photos", folder.File "results"

              for argument, said in
                  [ "--mqtt mqtt://broker", "is no address of an MQTT topic"
                    "--webhook ftp://hook", "is no address of a web hook"
                    "--overlays some", "names no photos" ] do
                  let outcome = Command.run $"watch {photos} --model {model} --out {results} {argument}"
                  Expect.equal outcome.ExitCode 2 argument
                  Expect.stringContains outcome.Error said "finding"
                  Expect.isFalse (Directory.Exists results) "nothing is made"
          } ]
