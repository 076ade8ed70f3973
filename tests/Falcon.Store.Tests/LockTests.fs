module Falcon.Store.Tests.LockTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Experiments.Store

type private Place() =
    let folder = new Scratch.Folder()
    do Directory.CreateDirectory(folder.File "locks") |> ignore
    member _.Path = Lock.path folder.Path "key"
    member _.Session() = new StoreSession(folder.Path)
    member _.Store = folder.Path

    /// A lock file as a session leaves it that dies while it holds the lock.
    member this.Leave(token: string) = File.WriteAllText(this.Path, token)

    interface IDisposable with
        member _.Dispose() = (folder :> IDisposable).Dispose()

let private release (lock: Lock) = (lock :> IDisposable).Dispose()

[<Tests>]
let tests =
    testList
        "Store locks"
        [ test "one holds the lock, the next gets it after the release" {
              use place = new Place()
              use first = place.Session()
              use second = place.Session()
              let held = (Lock.tryAcquire first place.Path).Value
              Expect.isNone (Lock.tryAcquire second place.Path) "try acquire second place"
              Expect.isNone (Lock.tryAcquire first place.Path) "try acquire first place"
              release held
              Expect.isSome (Lock.tryAcquire second place.Path) "try acquire second place"
          }
          test "waiting ends with the release or with the cancellation" {
              use place = new Place()
              use session = place.Session()
              let held = Lock.acquire session place.Path CancellationToken.None
              use cancellation = new CancellationTokenSource(50)

              Expect.throwsT<OperationCanceledException>
                  (fun () -> Lock.acquire session place.Path cancellation.Token |> ignore)
                  "acquire session place is cancelled"

              use timer = new Timer((fun _ -> release held), null, 50, -1)
              Lock.waitUntilFree session place.Path CancellationToken.None
              Expect.isFalse (File.Exists place.Path) "file exists place"
              GC.KeepAlive timer
          }
          test "a session that has ended, a process that has ended and a process number that was used again do not hold a lock" {
              use place = new Place()
              use session = place.Session()
              let ended = place.Session()
              place.Leave(ended.NewToken())
              (ended :> IDisposable).Dispose()
              (Lock.tryAcquire session place.Path).Value |> release

              let owner = (Owner.tryParse session.Id).Value
              let deadProcess = { owner with ProcessId = 0x3ffffff }
              let reusedNumber = { owner with Started = owner.Started - 1L }

              for dead in [ deadProcess; reusedNumber ] do
                  File.WriteAllText(Path.Combine(place.Store, "sessions", dead.Id), "")
                  place.Leave $"{dead.Id}#1"
                  (Lock.tryAcquire session place.Path).Value |> release

              Expect.isEmpty (Directory.GetFiles(Path.Combine(place.Store, "locks"))) "files place locks"
          }
          test "another machine's lock is respected while it gives signs of life" {
              use place = new Place()
              use session = place.Session()
              let other = { (Owner.tryParse session.Id).Value with Place = "000000000000" }
              let file = Path.Combine(place.Store, "sessions", other.Id)
              File.WriteAllText(file, "")
              place.Leave $"{other.Id}#1"
              Expect.isNone (Lock.tryAcquire session place.Path) "try acquire session place"
              File.SetLastWriteTimeUtc(file, DateTime.UtcNow - StoreSession.silence - TimeSpan.FromSeconds 1.0)
              Expect.isSome (Lock.tryAcquire session place.Path) "try acquire session place"
          }
          test "a lock whose holder died before it could write its name is taken over after a while" {
              use place = new Place()
              use session = place.Session()
              place.Leave ""
              Expect.isNone (Lock.tryAcquire session place.Path) "try acquire session place"
              File.SetLastWriteTimeUtc(place.Path, DateTime.UtcNow.AddSeconds -6.0)
              Expect.isSome (Lock.tryAcquire session place.Path) "try acquire session place"
          }
          test "a dead holder's lock goes to exactly one of many, also when an heir died over it" {
              use place = new Place()
              let dead = place.Session()
              let tokens = [ for _ in 1..50 -> dead.NewToken() ]
              let heir = dead.NewToken()
              (dead :> IDisposable).Dispose()
              use sessions = place.Session()

              for token in tokens do
                  place.Leave token
                  let successor = (Digest.ofBytes (Text.Encoding.UTF8.GetBytes token)).Hex.Substring(0, 16)
                  File.WriteAllText($"{place.Path}.{successor}", heir)
                  let mutable inside = 0
                  let mutable most = 0
                  let ready = new Barrier(4)

                  let work () =
                      ready.SignalAndWait()
                      use _ = Lock.acquire sessions place.Path CancellationToken.None
                      most <- max most (Interlocked.Increment &inside)
                      Thread.SpinWait 1000
                      Interlocked.Decrement &inside |> ignore

                  let threads = [ for _ in 1..4 -> Thread work ]
                  threads |> List.iter _.Start()
                  threads |> List.iter _.Join()
                  Expect.equal most 1 "most"

              Expect.isEmpty (Directory.GetFiles(Path.Combine(place.Store, "locks"))) "files place locks"
          }
          test "what dead sessions leave is swept, what live ones have stays" {
              use place = new Place()
              use live = place.Session()
              let dead = { (Owner.tryParse live.Id).Value with ProcessId = 0x3ffffff }
              File.WriteAllText(Path.Combine(place.Store, "sessions", dead.Id), "item\n")
              let leftover = Path.Combine(place.Store, "work", dead.Id, "1", "2")
              Directory.CreateDirectory leftover |> ignore
              File.WriteAllText(Path.Combine(leftover, "half"), "half")
              Directory.CreateDirectory(Path.Combine(place.Store, "work", { dead with Serial = 99 }.Id)) |> ignore
              place.Leave $"{dead.Id}#1"
              live.Record "mine"
              let mine = live.NewFolder()
              Expect.sequenceEqual (StoreSession.recorded place.Store |> Seq.sort) [ ""; "mine" ] "recorded place"
              Expect.equal (StoreSession.sweep place.Store) 1 "sweep place"
              Lock.sweep live

              Expect.equal
                  [ for path in Directory.GetDirectories(Path.Combine(place.Store, "work")) -> string (Path.GetFileName path) ]
                  [ live.Id ]
                  "name path"

              Expect.isTrue (Directory.Exists mine) "folder exists mine"
              Expect.isEmpty (Directory.GetFiles(Path.Combine(place.Store, "locks"))) "files place locks"
          } ]
