module Falcon.Experiments.Tests.RunIndexTests

open System
open System.IO
open System.Threading
open Xunit
open Falcon.Experiments
open Falcon.Experiments.Store
open Falcon.Experiments.Tests.TinyStudy

let private prepare (folder: Folder) =
    writeData (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    Study.runWith (Listener()) CancellationToken.None runtime (study (folder.Path "photos"))

let private index (result: StudyResult) (action: RunIndex -> 'Value) =
    let reasons = ResizeArray<string>()
    use store = Store.openAt result.Store
    use index = RunIndex.openAt reasons.Add store
    action index, List.ofSeq reasons

let private describe (run: Run) =
    run.Id, run.State, run.Document, [ for value in run.Result.Value.Metrics -> $"{value.Metric.Name} {value.Value}" ]

[<Fact>]
let ``every cell is in the index as it ends, with its whole result and what determined it`` () =
    use folder = new Folder()
    let result = prepare folder
    let runs, reasons = index result RunIndex.runs
    Assert.Empty reasons
    Assert.Equal<string list>(result.Outcomes |> List.map (fst >> Cell.id) |> List.sort, runs |> List.map _.Id |> List.sort)
    Assert.All(runs, fun run -> Assert.Contains("\"epochs\":1", run.Document))
    let found, _ = index result (fun index -> RunIndex.find index "photos-plate")
    Assert.Equal(2, found.Length)

[<Fact>]
let ``an index that is missing, or has any bit flipped, is made anew from the store, or says the same as before`` () =
    use folder = new Folder()
    let result = prepare folder
    let expected = index result RunIndex.runs |> fst |> List.map describe |> List.sort
    let path = Path.Combine(result.Store, "runs.db")
    let sound = File.ReadAllBytes path
    let random = Random 5
    let mutable noticed = 0

    for _ in 1..50 do
        let bytes = Array.copy sound
        let bit = random.NextInt64(8L * int64 bytes.Length)
        bytes[int (bit / 8L)] <- bytes[int (bit / 8L)] ^^^ (1uy <<< int (bit % 8L))
        File.WriteAllBytes(path, bytes)
        let runs, reasons = index result RunIndex.runs
        if not reasons.IsEmpty then noticed <- noticed + 1
        Assert.Equal<(string * RunState * string * string list) list>(expected, runs |> List.map describe |> List.sort)

    Assert.InRange(noticed, 5, 50)
    File.WriteAllBytes(path, sound[.. sound.Length / 2])
    Assert.Equal(4, (index result RunIndex.runs |> fst).Length)
    File.Delete path
    Assert.Equal(4, (index result RunIndex.runs |> fst).Length)
