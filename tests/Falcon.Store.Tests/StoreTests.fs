module Falcon.Store.Tests.StoreTests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private none = CancellationToken.None

let private three = { Number = 3; Bytes = 1000 }

let private leftovers (store: string) =
    [ for name in [ "work"; "locks"; "checkpoints" ] do
          yield! Directory.GetFileSystemEntries(Path.Combine(store, name), "*", SearchOption.AllDirectories) ]
    |> List.filter (fun path -> File.Exists path || Directory.GetFileSystemEntries(path).Length > 0)

let private finding (action: unit -> unit) = (raised<InvalidInputException> action).Findings[0]

[<Tests>]
let tests =
    testList
        "Store"
        [ test "a result is computed once and then found, also after the store was closed" {
              use folder = new Scratch.Folder()

              using (Store.openAt folder.Path) (fun store ->
                  let first = getOrRun store three
                  Expect.equal first.Origin (Computed NotComputed) "origin of first"
                  Expect.isTrue (isRight three first) "right content of three first"
                  let again = getOrRun store three
                  Expect.equal again.Origin Found "origin of again"
                  Expect.equal again.Outputs first.Outputs "outputs of again"
                  Expect.equal again.Seconds first.Seconds "seconds of again")

              use store = Store.openAt folder.Path
              Expect.equal (getOrRun store three).Origin Found "origin of result of three"
              Expect.isEmpty (leftovers folder.Path) "leftovers"
          }
          test "a content is a read-only file that any reader of files can map" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let output = (getOrRun store three).Outputs["content"]
              Expect.equal (FileInfo(output.Path).Length) output.Size "file output"
              Expect.equal (Digest.ofFile output.Path) output.Digest "digest of the file"
              Expect.equal (File.GetUnixFileMode output.Path &&& UnixFileMode.UserWrite) UnixFileMode.None "get unix file mode output user"
          }
          test "equal contents of several results are kept once" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let three, two = getOrRun store three, getOrRun store { three with Number = 2 }
              Expect.equal two.Outputs["content"] three.Outputs["content"] "two outputs content"

              Expect.equal
                  (Store.totalBytes store)
                  (three.Outputs["content"].Size + three.Outputs["text"].Size + two.Outputs["text"].Size)
                  "total bytes store"
          }
          test "files from elsewhere are copied, bytes and streams are kept" {
              use folder = new Scratch.Folder()
              use store = Store.openAt (folder.File "store")
              File.WriteAllText(folder.File "mine", "mine")

              let compute _ =
                  [ "file", Output.File(folder.File "mine"); "bytes", Output.Bytes "bytes"B; "empty", Output.Written ignore ]

              let outputs = (Store.getOrRun store none (call three) compute).Outputs
              Expect.equal [ for output in outputs.Values -> File.ReadAllText output.Path ] [ "bytes"; ""; "mine" ] "text of output"
              Expect.equal (File.ReadAllText(folder.File "mine")) "mine" "text of mine"
          }
          test "an upstream that is recomputed to the same content leaves downstream valid" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let upstream version = StageCall.create "upstream" version (Canonical.ofValue ()) []
              let runUp version = Store.getOrRun store none (upstream version) (fun _ -> [ "x", Output.Bytes "same"B ])

              let runDown inputs =
                  Store.getOrRun store none (StageCall.create "downstream" 1 (Canonical.ofValue ()) inputs) (fun _ ->
                      [ "y", Output.Bytes "y"B ])

              let byContent version = [ "x", Content (runUp version).Outputs["x"].Digest ]
              let byResult version = [ "x", ResultOf (runUp version).Key ]
              Expect.equal (runDown (byContent 1)).Origin (Computed NotComputed) "origin of run down by content 1"
              Expect.equal (runUp 2).Origin (Computed NotComputed) "origin of run up 2"
              Expect.equal (runDown (byContent 2)).Origin Found "origin of run down by content 2"
              Expect.equal (runDown (byResult 1)).Origin (Computed NotComputed) "origin of run down by result 1"
              Expect.equal (runDown (byResult 2)).Origin (Computed NotComputed) "origin of run down by result 2"
          }
          test "a glance tells what would be found" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              Expect.equal (Store.probe store (call three) |> Result.map _.Key) (Error NotComputed) "entry of call three result key"
              getOrRun store three |> ignore

              match Store.probe store (call three) with
              | Ok entry ->
                  Expect.equal entry.Call.Document (call three).Document "document of entry call"
                  Expect.equal (entry.Stage, entry.Version) ("square", 1) "entry stage version"
                  Expect.isBetween (DateTimeOffset.UtcNow - entry.Created) TimeSpan.Zero (TimeSpan.FromMinutes 1.0) "now entry created"
              | Error miss -> failtest (Miss.describe miss)
          }
          test "a failing stage leaves nothing behind and is tried again" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path

              let fail (workspace: Workspace) : (string * Output) list =
                  File.WriteAllText(Path.Combine(workspace.Folder, "half"), "half")
                  failwith "no luck"

              let failToWrite _ = [ "first", Output.Bytes "1"B; "second", Output.Written(fun _ -> failwith "no luck") ]

              for compute in [ fail; failToWrite; (fun _ -> []); (fun _ -> [ "a", Output.Bytes ""B; "a", Output.Bytes ""B ]) ] do
                  Expect.throws (fun () -> Store.getOrRun store none (call three) compute |> ignore) "result of none fails"

              Expect.equal (Store.tryFind store (call three) |> Result.map _.Key) (Error NotComputed) "entry of call three result key"
              Expect.isEmpty (leftovers folder.Path) "leftovers"
              Expect.equal (getOrRun store three).Origin (Computed NotComputed) "origin of result of three"
          }
          testCase "checkpoints outlive a failure and are removed once there is a result" (fun () ->
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let checkpoint (workspace: Workspace) = Path.Combine(workspace.Checkpoints, "epoch")

              let fail (workspace: Workspace) : (string * Output) list =
                  File.WriteAllText(checkpoint workspace, "5")
                  failwith "killed"

              Expect.throws (fun () -> Store.getOrRun store none (call three) fail |> ignore) "result of none fails"
              let mutable resumed = ""

              let resume workspace =
                  resumed <- File.ReadAllText(checkpoint workspace)
                  compute three workspace

              Store.getOrRun store none (call three) resume |> ignore
              Expect.equal resumed "5" "resumed"
              Expect.isEmpty (leftovers folder.Path) "leftovers")
          test "of many threads that want one result one computes" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let computed = ConcurrentBag<int>()
              let ready = new Barrier(6)

              let work _ =
                  ready.SignalAndWait()

                  Store.getOrRun store none (call three) (fun workspace ->
                      computed.Add 1
                      Thread.Sleep 50
                      compute three workspace)

              let threads =
                  [ for index in 1..6 -> Tasks.Task.Factory.StartNew((fun () -> work index), Tasks.TaskCreationOptions.LongRunning) ]

              for thread in threads do
                  Expect.isTrue (isRight three thread.Result) "right content of three thread result"

              Expect.hasLength computed 1 "computed"
              Expect.hasLength (threads |> List.filter (fun thread -> thread.Result.Origin <> Found)) 1 "threads"
          }
          test "waiting for another's computation can be cancelled" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              use other = Store.openAt folder.Path
              use started = new ManualResetEventSlim()
              use finish = new ManualResetEventSlim()

              let slow =
                  Tasks.Task.Factory.StartNew(
                      (fun () ->
                          Store.getOrRun store none (call three) (fun workspace ->
                              started.Set()
                              finish.Wait()
                              compute three workspace)),
                      Tasks.TaskCreationOptions.LongRunning
                  )

              started.Wait()
              use cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds 100.0)

              Expect.throwsT<OperationCanceledException>
                  (fun () -> Store.getOrRun other cancellation.Token (call three) (compute three) |> ignore)
                  "result of cancellation is cancelled"

              finish.Set()
              Expect.equal slow.Result.Origin (Computed NotComputed) "origin of slow result"
              Expect.equal (getOrRun other three).Origin Found "origin of result of three"
          }
          testSequenced (
              test "the place is FALCON_STORE, else beside the experiments" {
                  let before = Environment.GetEnvironmentVariable "FALCON_STORE"

                  try
                      Environment.SetEnvironmentVariable("FALCON_STORE", null)
                      Expect.equal (Store.location "studies") (Path.Combine("studies", ".falcon")) "location studies"
                      Environment.SetEnvironmentVariable("FALCON_STORE", "/large/store")
                      Expect.equal (Store.location "studies") "/large/store" "location studies"
                  finally
                      Environment.SetEnvironmentVariable("FALCON_STORE", before)
              }
          )
          test "a store of a newer format, a foreign folder and a file are refused with what, where and how to fix it" {
              use folder = new Scratch.Folder()
              let opening path () = (Store.openAt path :> IDisposable).Dispose()
              let version = folder.File "VERSION"
              opening folder.Path ()
              Expect.equal (File.ReadAllText version) "falcon store 1\n" "text of version"
              File.Delete version
              File.WriteAllText(version, "falcon store 2\n")
              let newer = finding (opening folder.Path)
              Expect.equal newer.What "the store has format 2, this version of Falcon reads format 1" "what of newer"
              Expect.equal newer.Where version "where of newer"
              Expect.stringContains newer.Fix "Update Falcon" "fix of newer"
              File.WriteAllText(version, "x")
              Expect.stringContains (finding (opening folder.Path)).What "no store" "what of finding opening"
              Expect.stringContains (finding (opening version)).What "cannot be opened" "what of finding opening version"
          }
          test "entries and sizes are listed, latest use first" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let numbers = [ for number in [ 4; 5; 8 ] -> { three with Number = number } ]

              for number in numbers do
                  getOrRun store number |> ignore

              numbers
              |> List.iteri (fun index number ->
                  File.SetLastWriteTimeUtc(entryPath folder.Path number, DateTime.UtcNow.AddHours(float -index)))

              Expect.equal
                  [ for stored in Store.entries store -> stored.Entry.Key ]
                  [ for number in numbers -> (call number).Key ]
                  "stored entry key"

              let large =
                  Store.getOrRun store none (StageCall.create "large" 1 (Canonical.ofValue 1) []) (fun _ ->
                      [ "x", Output.Bytes(Array.zeroCreate 5000) ])

              Expect.equal
                  (Store.sizes store)
                  [ { Stage = "large"; Entries = 1; Bytes = 5000L }
                    { Stage = "square"; Entries = 3; Bytes = 2000L + (numbers |> List.sumBy (text >> _.LongLength)) } ]
                  "sizes store"

              Expect.equal (Store.totalBytes store) (7000L + (numbers |> List.sumBy (text >> _.LongLength))) "total bytes store"
              Expect.equal large.Outputs["x"].Size 5000L "large outputs x size"
          } ]
