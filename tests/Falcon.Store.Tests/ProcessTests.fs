module Falcon.Store.Tests.ProcessTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto
open Falcon.Tests
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private none = CancellationToken.None

let private verify store = Store.verify store (fun _ _ -> ()) none

/// The numbers whose computations left a mark.
let private computed (log: string) = [ for path in Directory.GetFiles log -> int ((nonNull (Path.GetFileName path)).Split('-')[0]) ]

let private temporary (store: string) =
    [ for name in [ "work"; "locks"; "sessions" ] do
          yield! Directory.GetFiles(Path.Combine(store, name), "*", SearchOption.AllDirectories) ]

/// Runs a command where a small file system is mounted at a folder, for that command alone.
let private onSmallDisk (folder: string) (command: string list) =
    let quoted = String.Join(' ', [ for part in command -> $"'{part}'" ])

    Children.startCommand
        [ "unshare"
          "--map-root-user"
          "--mount"
          "sh"
          "-c"
          $"mount -t tmpfs -o size=1m tmpfs '{folder}' && {quoted}" ]

/// Runs a command under another host's name, so that no other process can look it up; leases last three seconds.
let private onHost (host: string) (command: string list) =
    let quoted = String.Join(' ', [ for part in command -> $"'{part}'" ])

    Children.startCommand
        [ "unshare"
          "--map-root-user"
          "--uts"
          "sh"
          "-c"
          $"hostname {host} && FALCON_LEASE_SECONDS=3 exec {quoted}" ]

/// Whether a command of these can be run here: where namespaces are not allowed, none can.
let private isPossible (start: string list -> Process) =
    try
        use attempt = start [ "true" ]
        attempt.WaitForExit()
        attempt.ExitCode = 0
    with :? ComponentModel.Win32Exception ->
        false

[<Tests>]
let tests =
    testList
        "Store processes"
        [ test "eight processes that want the same results compute each exactly once" {
              use folder = new Scratch.Folder()
              let log = Directory.CreateDirectory(folder.File "log").FullName
              let store = folder.File "store"
              let children = [ for seed in 1..8 -> Children.start [ "hammer"; store; string seed; "40"; "20000"; log ] ]

              for child in children do
                  Children.finish child |> ignore

              Expect.equal (computed log |> List.sort) [ 0..39 ] "computed log"
              Expect.isEmpty (temporary store) "temporary store"
              use store = Store.openAt store
              Expect.isEmpty (verify store).Dropped "dropped of verify store"
          }
          test "eight processes on hosts of their own, two of which die in the middle, compute each result once" {
              if not (isPossible (onHost "elsewhere")) then
                  skiptest "Hosts cannot be named: it takes the command unshare and user name spaces."

              use folder = new Scratch.Folder()
              let log = Directory.CreateDirectory(folder.File "log").FullName
              let store = folder.File "store"
              // Two have begun what the others want, too.
              let dying = [ for number in [ 3; 8 ] -> onHost $"host{number}" (Children.command [ "hang"; store; string number ]) ]

              for child in dying do
                  Expect.equal (child.StandardOutput.ReadLine()) "ready" "hanging"

              let others =
                  [ for number in [ 1; 2; 4; 5; 6; 7 ] ->
                        onHost $"host{number}" (Children.command [ "hammer"; store; string number; "20"; "1000"; log ]) ]

              for child in others do
                  Expect.equal (child.StandardOutput.ReadLine()) "ready" "hammering"

              for child in dying do
                  child.Kill()
                  child.WaitForExit()

              for child in others do
                  Children.finish child |> ignore

              Expect.equal (computed log |> List.sort) [ 0..19 ] "computed log"
              use opened = Store.openAt store
              Expect.isEmpty (verify opened).Dropped "dropped of verify opened"
          }
          test "processes killed at any moment leave nothing wrong, and the others go on" {
              use folder = new Scratch.Folder()
              let log = Directory.CreateDirectory(folder.File "log").FullName
              let store = folder.File "store"
              let keys = 60
              let random = Random 7
              let start () = Children.start [ "hammer"; store; string (random.Next()); string keys; "300000"; log ]

              for _ in 1..5 do
                  let children = [ for _ in 1..3 -> start () ]

                  for child in children do
                      child.StandardOutput.ReadLine() |> ignore

                  for child in children do
                      Thread.Sleep(random.Next 150)
                      child.Kill()
                      child.WaitForExit()

                  // More work for the next.
                  use store = Store.openAt store
                  Store.gc store 3_000_000L none |> ignore

              for child in [ for _ in 1..3 -> start () ] do
                  Children.finish child |> ignore

              use opened = Store.openAt store
              Expect.isEmpty (verify opened).Dropped "dropped of verify opened"

              for number in 0 .. keys - 1 do
                  let options = { Number = number; Bytes = 300_000 }
                  Expect.isTrue (isRight options (getOrRun opened options)) "right content of options result"

              Store.gc opened Int64.MaxValue none |> ignore
              // Only the session of this test.
              Expect.hasLength (temporary store) 1 "temporary store"
              Expect.isEmpty (Directory.GetFileSystemEntries(Path.Combine(store, "checkpoints"))) "entries store checkpoints"
          }
          testCase "a dead process's computation is taken over at once, from its last checkpoint" (fun () ->
              use folder = new Scratch.Folder()
              let child = Children.startReady [ "hang"; folder.Path; "3" ]
              use store = Store.openAt folder.Path
              let options = { Number = 3; Bytes = 1000 }
              Expect.stringStarts (Store.computing store (call options)).Value $"process {child.Id} on " "computing store call options"
              use cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds 100.0)

              Expect.throwsT<OperationCanceledException>
                  (fun () -> Store.getOrRun store cancellation.Token (call options) (compute options) |> ignore)
                  "result of cancellation is cancelled"

              child.Kill()
              child.WaitForExit()
              Expect.equal (Store.computing store (call options)) None "computing store call options"
              let watch = Stopwatch.StartNew()
              let mutable checkpoint = ""

              let resume (workspace: Workspace) =
                  checkpoint <- File.ReadAllText(Path.Combine(workspace.Checkpoints, "epoch"))
                  compute options workspace

              Expect.isTrue (isRight options (Store.getOrRun store none (call options) resume)) "right content of options result none"
              Expect.isBetween watch.Elapsed TimeSpan.Zero (TimeSpan.FromSeconds 5.0) "elapsed of watch"
              Expect.equal checkpoint "7" "checkpoint")
          test "a collection respects what another process uses, until that process is killed" {
              use folder = new Scratch.Folder()
              let child = Children.startReady [ "hold"; folder.Path; "3" ]
              use store = Store.openAt folder.Path
              Expect.equal (Store.gc store 0L none).Entries 0 "entries of gc store none"
              child.Kill()
              child.WaitForExit()
              let report = Store.gc store 0L none
              Expect.equal (report.Entries, report.Blobs, report.Leftovers) (1, 2, 1) "report entries blobs leftovers"
          }
          test "a full disk is reported, leaves the store valid, and a collection makes room again" {
              use folder = new Scratch.Folder()
              let disk = Directory.CreateDirectory(folder.File "disk").FullName

              if not (isPossible (onSmallDisk disk)) then
                  skiptest "A small disk cannot be mounted: it takes the command unshare and user name spaces."

              let output = Children.finish (onSmallDisk disk (Children.command [ "fill"; Path.Combine(disk, "store") ]))
              Expect.stringContains output "squares fitted" "output"
          } ]
