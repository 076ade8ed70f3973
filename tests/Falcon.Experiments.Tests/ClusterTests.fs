module Falcon.Experiments.Tests.ClusterTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Store
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Tests

let private cell index = (Experiment.cells (study "nowhere"))[index % 4]

/// Cells before they run, which take so many seconds.
let private planned (seconds: float option list) : PlannedCell list =
    [ for index, seconds in List.indexed seconds -> { Cell = cell index; State = PlannedState.Run; Reason = ""; Expected = seconds } ]

let private slurm = Slurm.defaults

let private lengths largest slurm seconds =
    [ for group in TaskGroups.divide slurm largest (planned seconds) -> group |> List.sumBy (fun cell -> defaultArg cell.Expected 0.0) ]

/// Does something as a process with a purpose would.
let private forPurpose purpose (action: unit -> 'Result) =
    ScriptPurpose.set purpose

    try
        action ()
    finally
        ScriptPurpose.set ScriptPurpose.Run

let private run out store photos =
    Study.runWith (Listener()) CancellationToken.None { runtime out with Store = Some store } (study photos)

let private outcomes (result: StudyResult) =
    [ for cell, outcome in result.Outcomes ->
          Cell.id cell,
          match outcome with
          | CellOutcome.Computed _ -> "computed"
          | CellOutcome.Kept _ -> "kept"
          | CellOutcome.Failed(failure, _) -> failure.Message ]

/// The keys of the study's cells.
let private keys store photos =
    OpenStudy.during ignore CancellationToken.None { runtime "" with Store = Some store; Out = None } (study photos) (fun opened ->
        [ for graph in opened.Graphs.Head -> Cell.id graph.Cell, graph.Key.Hex ])

[<Tests>]
let tests =
    testList
        "Cluster"
        [ test "times are read as SLURM writes them, and written so" {
              for text, seconds in
                  [ "30", 1800.0
                    "30:00", 1800.0
                    "4:00:00", 14400.0
                    "1-12", 129600.0
                    "1-12:30", 131400.0
                    "1-12:30:15", 131415.0 ] do
                  let time = (Slurm.tryParseTime text).Value
                  Expect.equal time.TotalSeconds seconds text
                  Expect.equal (Slurm.tryParseTime (Slurm.timeText time)) (Some time) (Slurm.timeText time)

              for text in [ ""; "0"; "4h"; "-1"; "1:2:3:4"; "1-2-3"; "1-2:3:4:5"; "four" ] do
                  Expect.isNone (Slurm.tryParseTime text) text
          }
          test "a cell of a task that is gone, submitted again, is told by the task that lives" {
              use folder = new Folder()
              use store = Store.openAt (folder.Path "store")
              let key = String('a', 64)

              let batch number job : Batch = { Number = number; Job = job; Tasks = [ [ key ] ] }

              let queued job state : SlurmCommands.QueuedJob = { Job = job; Element = Some 0; State = state; Node = "node1"; Reason = "" }

              for batches in [ [ batch 1 "27"; batch 2 "30" ]; [ batch 2 "30"; batch 1 "27" ] ] do
                  let submission: Submission = { Study = "tiny"; Cells = [ "cell", key ]; Batches = batches; Last = "" }
                  let states = SubmittedCells.states store submission (Some [ queued "27" "FAILED"; queued "30" "PENDING" ])
                  Expect.equal [ for cell in states -> cell.State ] [ SubmittedState.Waiting "its task is in the queue" ] "state"
          }
          test "short cells share a task, long ones have one of their own, and an array is never larger than the cluster allows" {
              let short = List.replicate 240 (Some 60.0)
              // An hour each: a quarter of four hours.
              Expect.equal (lengths 1000 slurm short) (List.replicate 4 3600.0) "by time"

              Expect.equal
                  (lengths 1000 { slurm with Time = TimeSpan.FromHours 1.0 } short)
                  (List.replicate 16 900.0)
                  "a quarter of an hour"

              Expect.hasLength (lengths 3 slurm short) 3 "largest array"
              Expect.equal (lengths 1000 { slurm with Tasks = Some 6 } short) (List.replicate 6 2400.0) "asked for"
              Expect.hasLength (lengths 1000 { slurm with Tasks = Some 500 } short) 240 "not more than cells"
              Expect.hasLength (lengths 1000 slurm (List.replicate 7 None)) 7 "nothing known"
              let mixed = [ Some 3000.0; Some 100.0; Some 2900.0; None; Some 200.0; Some 3100.0 ]
              let longest = lengths 1000 { slurm with Tasks = Some 3 } mixed |> List.max
              Expect.isLessThan longest 3400.0 "the longest of three tasks"
          }
          test "groups hold every cell once, each in the order of the study" {
              let cells = planned [ for index in 1..23 -> if index % 5 = 0 then None else Some(float (index * 37 % 11)) ]
              let groups = TaskGroups.divide { slurm with Tasks = Some 6 } 1000 cells
              let place (cell: PlannedCell) = cells |> List.findIndex (fun other -> obj.ReferenceEquals(other, cell))
              Expect.equal (groups |> List.concat |> List.map place |> List.sort) [ 0..22 ] "every cell once"

              for group in groups do
                  Expect.equal (List.map place group) (List.sort (List.map place group)) "in order"
          }
          test "tasks compute what they were given, then what is left of others, without the run index; the last job gathers it" {
              use folder = new Folder()
              let photos, out, store = folder.Path "photos", folder.Path "out", folder.Path "store"
              writeData photos
              let single = run (folder.Path "single") (folder.Path "single-store") photos
              let keys = keys store photos
              let key index = snd keys[index]

              let submit tasks =
                  Submission.write
                      store
                      { Study = "tiny"; Cells = keys; Batches = [ { Number = 1; Job = "7"; Tasks = tasks } ]; Last = "8" }

              // The third cell has been deleted.
              submit [ [ key 1 ]; [ key 0 ]; [] ]
              let task number = forPurpose (ScriptPurpose.Task $"tiny/1/{number}") (fun () -> run out store photos)
              let first = task 0
              Expect.equal (outcomes first) [ fst keys[0], "computed"; fst keys[1], "computed" ] "own and others"
              Expect.isFalse (File.Exists(Path.Combine(store, "runs.db"))) "run index"
              Expect.isEmpty (outcomes (task 1)) "nothing left"

              let states () =
                  use opened = Store.openAt store

                  [ for cell in SubmittedCells.states opened (Submission.tryRead store "tiny").Value (Some []) ->
                        match cell.State with
                        | SubmittedState.Done -> "done"
                        | SubmittedState.Left _ -> "left"
                        | state -> string state ]

              Expect.equal (states ()) [ "done"; "done"; "left"; "left" ] "states"
              let last () = forPurpose (ScriptPurpose.Last "tiny") (fun () -> run out store photos)
              let gathered = last ()
              Expect.equal (List.map snd (outcomes gathered) |> List.truncate 2) [ "kept"; "kept" ] "kept"
              Expect.hasLength gathered.Failed 2 "missing"
              Expect.stringStarts (snd gathered.Failed.Head).Message "not computed: " "why"
              Expect.isTrue (File.Exists(Path.Combine(store, "runs.db"))) "run index of the last job"
              submit [ [ key 1 ]; [ key 0 ]; [ key 2; key 3 ] ]
              Expect.equal (outcomes (task 2)) [ fst keys[2], "computed"; fst keys[3], "computed" ] "the rest"
              Expect.isEmpty (last ()).Failed "all there"
              Expect.equal (Children.content out) (Children.content (folder.Path "single")) "bits of one process"
              Expect.isEmpty single.Failed "single"
          }
          test "a task of no submission is refused, and a search cannot be handed over" {
              use folder = new Folder()
              let photos, store = folder.Path "photos", folder.Path "store"
              writeData photos

              for name, what in
                  [ "tiny/1/0", "is no task of the study as it was submitted last"; "tiny", "is no task of a submitted study" ] do
                  let error =
                      raised<InvalidInputException>(fun () ->
                          forPurpose (ScriptPurpose.Task name) (fun () -> run (folder.Path "out") store photos) |> ignore)

                  Expect.equal error.Findings[0].What what name

              let search =
                  Search.grid
                      [ Axis.over "weight" [ 1.0; 2.0 ] (fun weight ->
                            Method.map (fun (o: Falcon.Methods.FalconOptions) -> Falcon.Methods.FalconOptions(o, NoiseWeight = weight))) ]

              let error =
                  raised<InvalidInputException>(fun () ->
                      forPurpose (ScriptPurpose.Submit(id, true)) (fun () ->
                          Study.tuned { runtime (folder.Path "out") with Store = Some store } search (study photos))
                      |> ignore)

              Expect.stringContains error.Findings[0].Fix "Runtime.slurm" "fix"
          }
          test "a file system is probed by one process, and by several that compete" {
              use folder = new Folder()
              let all = StoreProbe.run (folder.Path "probed") 1 CancellationToken.None
              Expect.hasLength all 5 "looks"
              Expect.isEmpty (all |> List.filter (fun finding -> not finding.IsGood)) "bad"
              Expect.isEmpty (Directory.GetFileSystemEntries(folder.Path "probed")) "left behind"
          } ]
