module Falcon.Experiments.Tests.RunIndexTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Tests
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

[<Tests>]
let tests =
    testList
        "Run index"
        [ test "every cell is in the index as it ends, with its whole result and what determined it" {
              use folder = new Folder()
              let result = prepare folder
              let runs, reasons = index result RunIndex.runs
              Expect.isEmpty reasons "reasons"
              Expect.equal (runs |> List.map _.Id |> List.sort) (result.Outcomes |> List.map (fst >> Cell.id) |> List.sort) "id of runs"

              for run in runs do
                  Expect.stringContains run.Document "\"epochs\":1" "document of run"

              let found, _ = index result (fun index -> RunIndex.find index "photos-plate")
              Expect.equal found.Length 2 "number of found"
          }
          testCase "an index that is missing, or has any bit flipped, is made anew from the store, or says the same as before" (fun () ->
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
                  Expect.equal (runs |> List.map describe |> List.sort) expected "runs describe"

              Expect.isBetween noticed 5 50 "noticed"
              File.WriteAllBytes(path, sound[.. sound.Length / 2])
              Expect.equal (index result RunIndex.runs |> fst).Length 4 "number of index result runs"
              File.Delete path
              Expect.equal (index result RunIndex.runs |> fst).Length 4 "number of index result runs") ]
