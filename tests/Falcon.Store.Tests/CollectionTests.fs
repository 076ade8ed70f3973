module Falcon.Store.Tests.CollectionTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private none = CancellationToken.None

let private square number = { Number = number; Bytes = 10_000 }

/// Computes squares in a session of its own and dates their last use: the first the longest ago.
let private prepare folder numbers =
    using (Store.openAt folder) (fun store ->
        for number in numbers do
            getOrRun store (square number) |> ignore)

    numbers
    |> List.iteri (fun index number ->
        File.SetLastWriteTimeUtc(entryPath folder (square number), DateTime.UtcNow.AddHours(float (index - 100))))

let private kept store numbers = numbers |> List.filter (fun number -> (Store.probe store (call (square number))).IsOk)

let private stage name inputs content =
    StageCall.create name 1 (Canonical.ofValue ()) inputs, [ "out", Output.Bytes(Text.Encoding.UTF8.GetBytes(content: string)) ]

let private findings (action: unit -> unit) = List.ofSeq ((raised<InvalidInputException> action).Findings)

[<Tests>]
let tests =
    testList
        "Store collection"
        [ test "what was used least recently goes first, and no more than needed" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2; 4; 6; 8 ]
              use store = Store.openAt folder.Path
              let report = Store.gc store 31_999L none
              Expect.equal (kept store [ 0; 2; 4; 6; 8 ]) [ 4; 6; 8 ] "kept store 0 2 4 6"
              Expect.equal (report.Entries, report.Blobs) (2, 4) "report entries blobs"
              Expect.isBetween report.Kept 30_000L 31_999L "kept of report"
              Expect.isBetween report.Freed 20_000L 22_000L "freed of report"
              Expect.equal (Store.gc store 31_999L none).Entries 0 "entries of gc store none"
              Expect.equal (Store.gc store 0L none).Entries 3 "entries of gc store none"
              Expect.equal (Store.totalBytes store) 0L "total bytes store"
          }
          test "finding a result counts as a use, at most once a minute" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2; 4 ]

              using (Store.openAt folder.Path) (fun store ->
                  Expect.equal (getOrRun store (square 0)).Origin Found "origin of result of square 0")

              let path = entryPath folder.Path (square 0)
              let used = DateTime.UtcNow.AddSeconds -30.0
              File.SetLastWriteTimeUtc(path, used)
              use store = Store.openAt folder.Path
              Store.gc store 12_000L none |> ignore
              Expect.equal (kept store [ 0; 2; 4 ]) [ 0 ] "kept store 0 2 4"
              Store.tryFind store (call (square 0)) |> ignore
              Expect.equal (File.GetLastWriteTimeUtc path) used "time of last change path"
          }
          test "a content stays as long as one result has it" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 1; 2 ]
              use store = Store.openAt folder.Path
              let all = (Store.gc store Int64.MaxValue none).Kept
              let report = Store.gc store (all - 1L) none
              Expect.equal (report.Entries, report.Blobs) (1, 1) "report entries blobs"
              Expect.equal (kept store [ 0; 1; 2 ]) [ 1; 2 ] "kept store 0 1 2"
              Expect.isTrue (isRight (square 1) (getOrRun store (square 1))) "right content of square 1 result"
          }
          test "what a running process uses stays until it ends" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2; 4 ]
              use store = Store.openAt folder.Path

              using (Store.openAt folder.Path) (fun other ->
                  let found = getOrRun other (square 0)
                  let computed = getOrRun other (square 6)
                  let report = Store.gc store 0L none
                  Expect.equal (kept store [ 0; 2; 4; 6 ]) [ 0; 6 ] "kept store 0 2 4 6"
                  Expect.isGreaterThan report.Kept 20_000L "kept of report"
                  Expect.isTrue (isRight (square 0) found && isRight (square 6) computed) "right content of square 0 found")

              Expect.equal (Store.gc store 0L none).Entries 2 "entries of gc store none"
          }
          test "what is pinned stays with all that it was made from" {
              use folder = new Scratch.Folder()

              let report, others =
                  use store = Store.openAt folder.Path
                  let run (call, outputs) = Store.getOrRun store none call (fun _ -> outputs)
                  let features = run (stage "features" [] "features")
                  let model = run (stage "model" [ "features", Content features.Outputs["out"].Digest ] "model")
                  let maps = run (stage "maps" [ "model", ResultOf model.Key ] "maps")

                  let report =
                      run (
                          stage "report" [ "maps", Content maps.Outputs["out"].Digest; "photo", Content(Digest.ofBytes "photo"B) ] "report"
                      )

                  let other = run (stage "other" [ "features", Content features.Outputs["out"].Digest ] "other")
                  Store.pin store "the paper" [ report.Key ]
                  Expect.equal (Store.pins store) [ { Name = "the paper"; Keys = [ report.Key ] } ] "pins store"
                  report.Key, [ other.Key ]

              use store = Store.openAt folder.Path
              Expect.equal (Store.gc store 0L none).Entries others.Length "entries of gc store none"

              Expect.equal
                  ([ for stored in Store.entries store -> stored.Entry.Stage ] |> List.sort)
                  [ "features"; "maps"; "model"; "report" ]
                  "stored entry stage"

              Expect.contains [ for stored in Store.entries store -> stored.Entry.Key ] report "stored entry key"
              Expect.isTrue (Store.unpin store "the paper") "unpin store the paper"
              Expect.isFalse (Store.unpin store "the paper") "unpin store the paper"
              Expect.equal (Store.gc store 0L none).Entries 4 "entries of gc store none"
          }
          test "unknown keys and names that are no file names are not pinned" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0 ]
              use store = Store.openAt folder.Path
              let unknown = [ (call (square 98)).Key; (call (square 99)).Key ]

              Expect.equal
                  (findings (fun () -> Store.pin store "x" unknown) |> List.map _.Where)
                  [ for key in unknown -> $"key {key.Hex}" ]
                  "where of findings"

              for name in [ ""; "."; ".."; "a/b"; " a"; String('a', 129); "a\n" ] do
                  Expect.hasLength
                      (findings (fun () -> Store.pin store name [ (call (square 0)).Key ]))
                      1
                      "findings pin store name call square"

              Expect.isEmpty (Store.pins store) "pins store"
          }
          test "a broken pin stops the collection until it is removed" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2 ]
              using (Store.openAt folder.Path) (fun store -> Store.pin store "table 1" [ (call (square 0)).Key ])
              flipBit (Path.Combine(folder.Path, "pins", "table 1")) 7L
              use store = Store.openAt folder.Path
              Expect.stringContains (findings (fun () -> Store.gc store 0L none |> ignore) |> List.head).Where "table 1" "where of findings"
              Expect.equal (kept store [ 0; 2 ]) [ 0; 2 ] "kept store 0 2"
              Expect.isTrue (Store.unpin store "table 1") "unpin store table 1"
              Expect.equal (Store.gc store 0L none).Entries 2 "entries of gc store none"
          }
          test "what nothing refers to and what is broken goes even if there is room" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2; 4 ]
              flipBit (entryPath folder.Path (square 0)) 9L
              File.Delete(blobPath folder.Path (text (square 2)))
              use store = Store.openAt folder.Path
              let report = Store.gc store Int64.MaxValue none
              Expect.equal (report.Entries, report.Blobs) (2, 3) "report entries blobs"
              Expect.equal (kept store [ 0; 2; 4 ]) [ 4 ] "kept store 0 2 4"
          }
          test "checkpoints count as last used when last changed" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2 ]

              let interrupt number =
                  let compute (workspace: Workspace) : (string * Output) list =
                      File.WriteAllBytes(Path.Combine(workspace.Checkpoints, "weights"), Array.zeroCreate 10_000)
                      failwith "interrupted"

                  use store = Store.openAt folder.Path

                  Expect.throws (fun () -> Store.getOrRun store none (call (square number)) compute |> ignore) "result of none fails"

                  Path.Combine(folder.Path, "checkpoints", (call (square number)).Key.Hex)

              let old, fresh = interrupt 4, interrupt 6
              File.SetLastWriteTimeUtc(Path.Combine(old, "weights"), DateTime.UtcNow.AddDays -30.0)
              Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays -30.0)
              use store = Store.openAt folder.Path
              let report = Store.gc store 31_999L none
              Expect.equal (report.Checkpoints, report.Entries) (1, 0) "report checkpoints entries"
              Expect.isTrue (Directory.Exists fresh && not (Directory.Exists old)) "folder exists fresh old"

              Expect.equal
                  (let report = Store.gc store 0L none in report.Checkpoints, report.Entries)
                  (1, 2)
                  "report gc store none checkpoints entries"
          }
          test "a checkpoint whose result is there and an empty one go, whoever uses the result" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0 ]

              let checkpoint number =
                  Directory.CreateDirectory(Path.Combine(folder.Path, "checkpoints", (call (square number)).Key.Hex)).FullName

              File.WriteAllText(Path.Combine(checkpoint 0, "epoch"), "7")
              File.WriteAllText(Path.Combine(checkpoint 2, "epoch"), "7")
              checkpoint 4 |> ignore
              use store = Store.openAt folder.Path
              Expect.equal (kept store [ 0 ]) [ 0 ] "kept store 0"
              Store.gc store Int64.MaxValue none |> ignore
              Expect.equal (Directory.GetDirectories(Path.Combine(folder.Path, "checkpoints"))) [| checkpoint 2 |] "folders checkpoints"
          }
          test "what another machine has used just now stays" {
              use folder = new Scratch.Folder()
              prepare folder.Path [ 0; 2 ]
              File.SetLastWriteTimeUtc(entryPath folder.Path (square 0), DateTime.UtcNow)
              use store = Store.openAt folder.Path

              let here =
                  Directory.GetFiles(Path.Combine(folder.Path, "sessions"))
                  |> Array.head
                  |> Path.GetFileName
                  |> string
                  |> Owner.tryParse

              File.WriteAllText(Path.Combine(folder.Path, "sessions", { here.Value with Place = "000000000000" }.Id), "")
              Expect.equal (Store.gc store 0L none).Entries 1 "entries of gc store none"
              Expect.equal (kept store [ 0; 2 ]) [ 0 ] "kept store 0 2"
          }
          testCase "results are found and computed correctly while collections run" (fun () ->
              use folder = new Scratch.Folder()
              use stop = new CancellationTokenSource()

              let collect () =
                  use store = Store.openAt folder.Path

                  while not stop.IsCancellationRequested do
                      Store.gc store 0L none |> ignore

              let collector = Thread collect
              collector.Start()
              let mutable found = 0

              for round in 0..29 do
                  // Each round is a new session, so that everything of the round before may be taken away.
                  use store = Store.openAt folder.Path

                  for number in 0..4 do
                      let result = getOrRun store (square number)
                      Expect.isTrue (isRight (square number) result) "right content of square number result"

                      if result.Origin = Found then found <- found + 1

                  for number in 0..4 do
                      let again = getOrRun store (square number)
                      Expect.equal again.Origin Found "origin of again"
                      Expect.isTrue (isRight (square number) again) "right content of square number again"

              stop.Cancel()
              collector.Join()
              use store = Store.openAt folder.Path
              Expect.isEmpty (Store.verify store (fun _ _ -> ()) none).Dropped "dropped of verify store none") ]
