/// A large store without the work: entries as studies of thousands of cells leave them, with small contents. What it takes to plan, find, collect and verify.
/// `tests/bench/growth.sh` runs it.
module Falcon.Experiments.Tests.Growth

open System
open System.Diagnostics
open System.IO
open System.Text
open System.Threading
open Falcon.DrawnData
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Methods

let private categories = [ "fabric"; "flange" ]

/// Twelve variants of two methods on two categories: 2 × 12 cells for each seed.
let private study photos (masterSeeds: int list) =
    experiment "growth" {
        data (Data.at photos |> Data.categories categories)
        shots [ 2 ]
        seeds masterSeeds

        methods
            [ for epochs in [ 10; 20; 30 ] do
                  for weight in [ 1.0; 2.0; 4.0 ] do
                      yield FalconOptions(Epochs = epochs, InputSize = 64, NoiseWeight = weight) :> MethodOptions
              for share in [ 0.1; 0.25; 0.5 ] do
                  yield PatchCoreOptions(InputSize = 64, Share = share) ]

        teacher Teacher.random
        metrics [ ImageAuroc ]
    }

/// The first cells of the study of some seeds.
let private cellsOf photos (first: int) (count: int) =
    let perSeed = 2 * 12
    let seeds = [ first .. first + (count + perSeed - 1) / perSeed - 1 ]
    let sweep = (study photos seeds :> IStudy).Sweep
    { sweep with Cells = List.truncate count sweep.Cells }

let private runtime store = { Runtime.local with Workers = 1; Verbosity = Quiet; Store = Some store }

/// Keeps a result that nobody has computed, under both of its keys, as the pipeline does.
let private keep (store: Store) (node: Node) (outputs: (string * string) list) =
    let none = CancellationToken.None
    let contents (_: Workspace) = [ for name, text in outputs -> name, Output.Bytes(Encoding.UTF8.GetBytes text) ]

    match Pipeline.tryByContent store node with
    | Some call ->
        let result = Store.getOrRun store none call contents
        if call.Key <> node.Recipe.Key then Store.alias store node.Recipe result
    | None -> Store.getOrRun store none node.Recipe contents |> ignore

let private fill folder cells =
    let photos, store = Path.Combine(folder, "photos"), Path.Combine(folder, "store")

    if not (Directory.Exists photos) then
        DrawnDataSet.Write(photos, DrawnDataOptions(0L, 64, Categories = Array.ofList categories))

    let sweep = cellsOf photos 0 cells

    OpenStudy.during ignore CancellationToken.None (runtime store) sweep (fun opened ->
        for graph in opened.Graphs.Head do
            let rec sources (node: Node) =
                for _, source in node.Sources do
                    match source with
                    | Made made when (Store.probe opened.Store made.Recipe).IsError ->
                        sources made
                        keep opened.Store made [ "content", made.Recipe.Key.Hex ]
                    | Made _
                    | Known _ -> ()

            let id = Cell.id graph.Cell
            sources graph.Train.Node
            keep opened.Store graph.Train.Node [ "model", $"model of {id}"; Pipeline.notes, "notes" ]
            sources graph.Score.Node
            keep opened.Store graph.Score.Node [ "maps", $"maps of {id}"; "scores", $"scores of {id}" ]

            for metric in graph.Metrics do
                keep opened.Store metric.Node [ "value", $"value of {id}" ]

            keep opened.Store graph.Record.Node [ "cell", $"record of {id}" ])

let private peak () =
    use self = Process.GetCurrentProcess()
    float self.PeakWorkingSet64 / 1e6

let private timed what (action: unit -> 'Result) =
    let watch = Stopwatch.StartNew()
    let before = Environment.CpuUsage.TotalTime
    let result = action ()
    let cpu = Environment.CpuUsage.TotalTime - before
    Console.WriteLine $"{what}: {watch.Elapsed.TotalSeconds:f2} s, {cpu.TotalSeconds:f2} s of a processor"
    result

/// Plans some cells, half of which are there when `first` is half of the filled seeds.
let private plan folder first cells =
    let photos, store = Path.Combine(folder, "photos"), Path.Combine(folder, "store")
    let plan = timed $"plan of {cells} cells" (fun () -> Study.plan (runtime store) (cellsOf photos first cells))

    Console.WriteLine
        $"    {plan.Count PlannedState.Hit} hit, {plan.Count PlannedState.Run} run, {plan.Count PlannedState.Stale} stale; peak memory {peak ():f0} MB"

let private measure folder =
    let folder = Path.Combine(folder, "store")
    use store = timed "open" (fun () -> Store.openAt folder)
    let entries = timed "cache ls" (fun () -> Store.sizes store) |> List.sumBy _.Entries
    Console.WriteLine $"    {entries} results; peak memory {peak ():f0} MB"
    let some = ActionCache.choose folder "train" 10_000 (fun entry _ -> Some entry.Call)

    let each what (find: StageCall -> unit) =
        let watch = Stopwatch.StartNew()
        let before = Environment.CpuUsage.TotalTime
        List.iter find some
        let each (time: TimeSpan) = time.TotalMicroseconds / float some.Length
        Console.WriteLine $"{what}: {each watch.Elapsed:f0} µs each, {each (Environment.CpuUsage.TotalTime - before):f0} µs of a processor"

    each "probe" (fun call -> Store.probe store call |> ignore)
    each "find, contents verified for the first time" (fun call -> Store.tryFind store call |> ignore)
    each "find again" (fun call -> Store.tryFind store call |> ignore)
    let verified = timed "verify" (fun () -> Store.verify store (fun _ _ -> ()) CancellationToken.None)
    Console.WriteLine $"    {verified.Blobs} contents, {verified.Bytes} bytes, {verified.Dropped.Length} broken"
    let files = Durable.files folder
    Console.WriteLine $"{files.Length} files of the store, {float (files |> List.sumBy (fun (_, stamp) -> stamp.Size)) / 1e6:f0} MB in them"
    let collected = timed "gc that keeps all" (fun () -> Store.gc store Int64.MaxValue CancellationToken.None)
    Console.WriteLine $"    {collected.Kept} bytes kept; peak memory {peak ():f0} MB"

let private collect folder =
    use store = Store.openAt (Path.Combine(folder, "store"))
    let whole = Durable.files store.Folder |> List.sumBy (fun (_, stamp) -> stamp.Size)
    let half = whole / 2L
    let collected = timed "gc of half" (fun () -> Store.gc store half CancellationToken.None)
    Console.WriteLine $"    {collected.Entries} entries and {collected.Blobs} contents removed; peak memory {peak ():f0} MB"

let run (arguments: string list) =
    match arguments with
    | [ "fill"; folder; cells ] -> timed "filled" (fun () -> fill folder (int cells))
    | [ "plan"; folder; first; cells ] -> plan folder (int first) (int cells)
    | [ "measure"; folder ] -> measure folder
    | [ "collect"; folder ] -> collect folder
    | _ -> failwith $"unknown: {arguments}"
