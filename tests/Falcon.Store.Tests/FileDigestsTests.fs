module Falcon.Store.Tests.FileDigestsTests

open System
open System.IO
open System.Text
open System.Threading
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Experiments.Store

let private digestOf (text: string) = Digest.ofBytes (Encoding.UTF8.GetBytes text)

let private memos (store: string) = Directory.GetFiles(Path.Combine(store, "digests"))

/// Rewrites a memo so that a remembered digest is wrong but the file is not broken: who still gives the true digest has read the file.
let private falsify (memo: string) (digest: Digest) (wrong: Digest) =
    match SealedText.tryRead memo with
    | Some(Ok text) ->
        File.Delete memo
        File.WriteAllBytes(memo, SealedText.seal (text.Replace(digest.Hex, wrong.Hex)))
    | _ -> failwith "no memo"

[<Tests>]
let tests =
    testList
        "File digests"
        [ test "digests are those of the contents, in the order of the paths, whatever the folder" {
              use folder = new Scratch.Folder()
              use store = Store.openAt (folder.File "store")
              Directory.CreateDirectory(folder.File "a") |> ignore
              let paths = [ for name in [ "b.png"; "a/ü\n.png"; "c.png" ] -> folder.File name ]

              for path in paths do
                  File.WriteAllText(path, Path.GetFileName path)

              let expected = [ for path in paths -> Digest.ofFile path ]
              Expect.equal (store.FileDigests.OfFiles(paths @ paths)) (expected @ expected) "store file digests of files paths"
              Expect.equal (store.FileDigests.OfFile paths[1]) expected[1] "store file digests of paths 1"
          }
          test "an unchanged file is not read again, even by another process, and a changed one is" {
              use folder = new Scratch.Folder()
              let file, fresh = folder.File "photo", folder.File "fresh"
              let wrong = digestOf "wrong"
              File.WriteAllText(file, "photo")
              Thread.Sleep 2100
              File.WriteAllText(fresh, "fresh")
              File.SetLastWriteTimeUtc(fresh, DateTime.UtcNow.AddHours 1.0)

              using (Store.openAt (folder.File "store")) (fun store ->
                  Expect.equal
                      (store.FileDigests.OfFiles [ file; fresh ])
                      [ digestOf "photo"; digestOf "fresh" ]
                      "store file digests of files fresh")

              let memo = Seq.exactlyOne (memos (folder.File "store"))
              falsify memo (digestOf "photo") wrong
              falsify memo (digestOf "fresh") wrong

              using (Store.openAt (folder.File "store")) (fun store ->
                  Expect.equal (store.FileDigests.OfFile file) wrong "store file digests"
                  // A file that changed only now, as far as its time tells, is not remembered: it might change again within the resolution
                  // of its time.
                  Expect.equal (store.FileDigests.OfFile fresh) (digestOf "fresh") "store file digests of fresh"
                  let time = File.GetLastWriteTimeUtc file
                  File.WriteAllText(file, "other")
                  File.SetLastWriteTimeUtc(file, time)
                  Expect.equal (store.FileDigests.OfFile file) (digestOf "other") "store file digests")
          }
          test "a broken memo is not believed" {
              use folder = new Scratch.Folder()
              let file = folder.File "photo"
              File.WriteAllText(file, "photo")
              Thread.Sleep 2100
              using (Store.openAt (folder.File "store")) (fun store -> store.FileDigests.OfFile file |> ignore)
              Squares.flipBit (Seq.exactlyOne (memos (folder.File "store"))) 700L
              use store = Store.openAt (folder.File "store")
              Expect.equal (store.FileDigests.OfFile file) (digestOf "photo") "store file digests"
          }
          test "all missing files are named at once" {
              use folder = new Scratch.Folder()
              use store = Store.openAt (folder.File "store")
              let missing = [ folder.File "x.png"; folder.File "none/y.png" ]
              let error = raised<InvalidInputException>(fun () -> store.FileDigests.OfFiles missing |> ignore)
              Expect.equal [ for finding in error.Findings -> finding.Where ] missing "finding where"
          } ]
