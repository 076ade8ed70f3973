module Falcon.Experiments.Tests.InterruptedStudyTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Experiments
open Falcon.Experiments.Store
open Falcon.Experiments.Tests.TinyStudy

let private run out store workers photos =
    Study.runWith (Listener()) CancellationToken.None (Children.runtime out store workers) (Children.study photos)

[<Tests>]
let tests =
    testList
        "Interrupted study"
        [ test "a study that is killed again and again completes with the bytes of an undisturbed one, and leaves nothing behind" {
              use folder = new Folder()
              let photos, store = folder.Path "photos", folder.Path "store"
              writeData photos
              run (folder.Path "straight") (folder.Path "straight-store") 2 photos |> ignore
              let random = Random 3

              for _ in 1..4 do
                  use child = Children.start [ photos; folder.Path "killed"; store; "2" ]
                  child.StandardOutput.ReadLine() |> ignore
                  Thread.Sleep(random.Next 2500)
                  child.Kill()
                  child.WaitForExit()

              run (folder.Path "killed") store 2 photos |> ignore
              Expect.equal (Children.content (folder.Path "killed")) (Children.content (folder.Path "straight")) "content killed"
              use opened = Store.openAt store
              Expect.isEmpty (Store.verify opened (fun _ _ -> ()) CancellationToken.None).Dropped "dropped of verify opened"
              Store.gc opened Int64.MaxValue CancellationToken.None |> ignore
              Expect.isEmpty (Directory.GetFileSystemEntries(Path.Combine(store, "checkpoints"))) "entries store checkpoints"

              Expect.isEmpty
                  (Directory.GetFiles(Path.Combine(store, "work"), "*", SearchOption.AllDirectories))
                  "files store work all directories"
          }
          test "processes on one study and store compute each thing once and end with the same results" {
              use folder = new Folder()
              let photos, store = folder.Path "photos", folder.Path "store"
              writeData photos
              let single = run (folder.Path "single") (folder.Path "single-store") 1 photos
              let children = [ for number in 1..3 -> Children.start [ photos; folder.Path $"out{number}"; store; "1" ] ]

              let computed =
                  children
                  |> List.collect Children.finish
                  |> List.groupBy fst
                  |> List.map (fun (stage, counts) -> stage, List.sumBy snd counts)

              Expect.equal (Map computed) single.Computed "computed"

              for number in 1..3 do
                  Expect.equal (Children.content (folder.Path $"out{number}")) (Children.content (folder.Path "single")) "content"
          } ]
