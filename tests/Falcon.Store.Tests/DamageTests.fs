module Falcon.Store.Tests.DamageTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private three = { Number = 3; Bytes = 1000 }

let private verify store = Store.verify store (fun _ _ -> ()) CancellationToken.None

/// What the store says about a damaged result, which it must then compute anew.
let private missAfter (damage: string -> unit) =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    getOrRun store three |> ignore
    damage folder.Path
    let result = getOrRun store three
    Expect.isTrue (isRight three result) "right content of three result"
    Expect.equal (getOrRun store three).Origin Found "origin of result of three"
    Expect.isEmpty (verify store).Dropped "dropped of verify store"

    match result.Origin with
    | Computed miss -> Miss.describe miss
    | Found -> "found"

[<Tests>]
let tests =
    testList
        "Damaged store"
        [ test "damaged contents are misses that say so" {
              let content store = blobPath store (content three)

              Expect.equal
                  (missAfter (fun store -> flipBit (content store) 4321L))
                  "its output 'content' is broken in the store: its content does not fit its digest"
                  "miss after"

              Expect.equal
                  (missAfter (fun store -> truncate (content store) 999L))
                  "its output 'content' is broken in the store: it has 999 bytes instead of 1000"
                  "miss after"

              Expect.equal
                  (missAfter (fun store -> truncate (content store) 0L))
                  "its output 'content' is broken in the store: it has 0 bytes instead of 1000"
                  "miss after"

              Expect.equal (missAfter (content >> File.Delete)) "its output 'content' is missing from the store" "miss after content delete"

              Expect.equal
                  (missAfter (fun store -> File.Delete(blobPath store (text three))))
                  "its output 'text' is missing from the store"
                  "miss after store delete blob path"
          }
          test "damaged entries are misses that say so" {
              let entry store = entryPath store three

              Expect.equal
                  (missAfter (fun store -> truncate (entry store) 20L))
                  "its entry in the store is broken: it is truncated"
                  "miss after"

              Expect.equal
                  (missAfter (fun store -> truncate (entry store) 200L))
                  "its entry in the store is broken: its checksum does not fit its content"
                  "miss after"

              Expect.equal (missAfter (entry >> File.Delete)) "not computed yet" "miss after entry delete"

              let exchange store =
                  let other = { three with Number = 4 }
                  using (Store.openAt store) (fun store -> getOrRun store other |> ignore)
                  File.Copy(entryPath store other, entry store, true)

              Expect.equal (missAfter exchange) "its entry in the store is broken: it belongs to another key" "miss after exchange"
          }
          test "every flipped bit of an entry is noticed" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              getOrRun store three |> ignore
              let path = entryPath folder.Path three

              for bit in 0L .. 8L * FileInfo(path).Length - 1L do
                  flipBit path bit

                  match Store.probe store (call three) with
                  | Error(BrokenEntry _) -> ()
                  | other -> failtest $"bit {bit}: {other}"

                  flipBit path bit

              Expect.isOk (Store.probe store (call three)) "entry of call three"
          }
          test "a content that was verified long ago and then changed in secret is noticed" {
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let path = (getOrRun store three).Outputs["content"].Path
              Thread.Sleep 2100
              Expect.equal (getOrRun store three).Origin Found "origin of result of three"
              let time = File.GetLastWriteTimeUtc path
              flipBit path 99L
              File.SetLastWriteTimeUtc(path, time)
              Expect.notEqual (getOrRun store three).Origin Found "origin of result of three"
          }
          testCase "verification reads everything, tells its progress and removes what is broken" (fun () ->
              use folder = new Scratch.Folder()
              use store = Store.openAt folder.Path
              let squares = [ for number in 0..9 -> { Number = number; Bytes = 1000 } ]

              for square in squares do
                  getOrRun store square |> ignore

              flipBit (blobPath folder.Path (text squares[1])) 3L
              truncate (blobPath folder.Path (content squares[4])) 10L
              flipBit (entryPath folder.Path squares[8]) 500L
              let mutable progress = []
              let report = Store.verify store (fun bytes total -> progress <- (bytes, total) :: progress) CancellationToken.None
              Expect.equal report.Blobs 15 "blobs of report"
              Expect.equal report.Entries 10 "entries of report"
              Expect.equal (List.head progress) (report.Bytes, report.Bytes) "progress"
              Expect.equal progress.Length 15 "number of progress"

              Expect.equal
                  (report.Dropped |> List.map fst |> List.sort)
                  (List.sort
                      [ blobPath folder.Path (text squares[1])
                        blobPath folder.Path (content squares[4])
                        entryPath folder.Path squares[1]
                        entryPath folder.Path squares[4]
                        entryPath folder.Path squares[5]
                        entryPath folder.Path squares[8] ])
                  "report dropped"

              Expect.isEmpty (verify store).Dropped "dropped of verify store"

              Expect.equal
                  [ for square in squares -> (Store.probe store (call square)).IsError ]
                  [ for number in 0..9 -> List.contains number [ 1; 4; 5; 8 ] ]
                  "entry of call square is error") ]
