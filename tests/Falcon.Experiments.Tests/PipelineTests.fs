module Falcon.Experiments.Tests.PipelineTests

open System.Collections.Generic
open System.IO
open System.Text
open System.Threading
open Expecto
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Experiments.Tests.TinyStudy

/// A stage that joins texts and writes down each time that it computes.
let private joining (log: List<string>) name version (change: string -> string) : Stage<string list, string> =
    let compute (texts: string list) (_: Workspace) =
        let joined = change (String.concat "+" texts)
        lock log (fun () -> log.Add $"{name} {joined}")

        [ "text", Output.Bytes(Encoding.UTF8.GetBytes joined)
          Pipeline.notes, Output.Bytes(Encoding.UTF8.GetBytes $"{log.Count}") ]

    { Name = name
      Version = version
      Libraries = [ "text 1.0" ]
      Record = Canonical.ofValue {| Name = name |}
      Work = Work.Alone compute
      Read = fun result -> File.ReadAllText result.Outputs["text"].Path }

let private leaf (text: string) = Reads.known text (Digest.ofBytes (Encoding.UTF8.GetBytes text)) text

/// a and b are joined, and the joint is framed.
let private graph log version change =
    let joined = Reads.all [ leaf "a"; leaf "b" ] => joining log "join" version change
    joined, (Reads.all [ Reads.made "joined" joined ] => joining log "frame" 1 (fun text -> $"[{text}]"))

let private get folder artifact =
    use store = Store.openAt folder
    let pipeline = Pipeline store
    pipeline.Get artifact, pipeline.Computed

[<Tests>]
let tests =
    testList
        "Pipeline"
        [ test "a result of another version of a library is not used, and the difference is told" {
              use folder = new Folder()
              let log = List<string>()
              let stage library = { joining log "join" 1 id with Libraries = [ library ] }
              let artifact library = Reads.all [ leaf "a"; leaf "b" ] => stage library

              for library in [ "text 1.0"; "text 1.0"; "text 1.1"; "text 1.0" ] do
                  get (folder.Path "store") (artifact library) |> ignore

              Expect.equal log.Count 2 "computed once for each version"
              let recipe library = (artifact library).Node.Recipe

              Expect.equal
                  (TrainingFields.differing (TrainingFields.ofCall (recipe "text 1.0")) (TrainingFields.ofCall (recipe "text 1.1")))
                  [ "training.libraries", "text 1.0", "text 1.1" ]
                  "what differs"
          }
          test "each stage is computed once, and never again by another process" {
              use folder = new Folder()
              let log = List()
              let _, framed = graph log 1 id
              Expect.equal (get (folder.Path "store") framed) ("[a+b]", Map [ "frame", 1; "join", 1 ]) "store framed"
              Expect.equal (get (folder.Path "store") (snd (graph log 1 id))) ("[a+b]", Map.empty) "store graph log 1"
              Expect.equal (List.ofSeq log) [ "join a+b"; "frame [a+b]" ] "log"
          }
          test "what is made anew with the same content leaves everything below valid" {
              use folder = new Folder()
              let log = List()
              get (folder.Path "store") (snd (graph log 1 id)) |> ignore
              Expect.equal (get (folder.Path "store") (snd (graph log 2 id))) ("[a+b]", Map [ "join", 1 ]) "store graph log 2"
              // The next time even its recipe is known.
              Expect.equal (get (folder.Path "store") (snd (graph log 2 id))) ("[a+b]", Map.empty) "store graph log 2"

              Expect.equal
                  (get (folder.Path "store") (snd (graph log 3 _.ToUpperInvariant())))
                  ("[A+B]", Map [ "frame", 1; "join", 1 ])
                  "store graph log 3 to upper"
          }
          test "a result stays when what it was made from has been collected as garbage" {
              use folder = new Folder()
              let log = List()
              let joined, framed = graph log 1 id
              get (folder.Path "store") framed |> ignore

              File.Delete(
                  Path.Combine(
                      folder.Path "store",
                      "actions",
                      "join",
                      joined.Node.Recipe.Key.Hex.Substring(0, 2),
                      joined.Node.Recipe.Key.Hex
                  )
              )

              Expect.equal (get (folder.Path "store") framed) ("[a+b]", Map.empty) "store framed"
          }
          test "a broken result is computed anew, and what was made from it stays" {
              use folder = new Folder()
              let log = List()
              let joined, framed = graph log 1 id
              get (folder.Path "store") framed |> ignore
              let blob = (Digest.ofBytes (Encoding.UTF8.GetBytes "a+b")).Hex
              let path = Path.Combine(folder.Path "store", "blobs", blob.Substring(0, 2), blob)
              File.SetUnixFileMode(path, UnixFileMode.UserRead ||| UnixFileMode.UserWrite)
              File.WriteAllText(path, "a-b")
              Expect.equal (get (folder.Path "store") joined) ("a+b", Map [ "join", 1 ]) "store joined"
              Expect.equal (get (folder.Path "store") framed) ("[a+b]", Map.empty) "store framed"
          }
          test "a batch is computed together, what is there already left out" {
              use folder = new Folder()
              let batches = List<int list>()

              let compute (numbers: int list) (_: Workspace) =
                  batches.Add numbers
                  [ for number in numbers -> [ "square", Output.Bytes(Encoding.UTF8.GetBytes $"{number * number}") ] ]

              let squares numbers =
                  let work = Work.Together(3, compute)

                  let stage: Stage<int, int> =
                      { Name = "square"
                        Version = 1
                        Libraries = []
                        Record = Canonical.ofValue {| |}
                        Work = work
                        Read = fun result -> int (File.ReadAllText (Seq.exactlyOne result.Outputs.Values).Path) }

                  [ for number in numbers -> Reads.known "number" (Digest.ofBytes [| byte number |]) number => stage ]

              use store = Store.openAt (folder.Path "store")
              Expect.equal (Pipeline(store).GetAll(squares [ 2; 4 ])) [ 4; 16 ] "pipeline store get all squares 2"

              Expect.equal
                  (Pipeline(store).GetAll(squares [ 1; 2; 3; 4; 5; 6; 1 ]))
                  [ 1; 4; 9; 16; 25; 36; 1 ]
                  "pipeline store get all squares 1"

              Expect.equal (List.ofSeq batches) [ [ 2; 4 ]; [ 1; 3; 5 ]; [ 6 ] ] "batches"
          }
          test "workers on one store share the work and compute nothing twice" {
              use folder = new Folder()
              let log = List()

              let artifacts () =
                  let work =
                      Work.Together(
                          2,
                          fun (texts: string list) (_: Workspace) ->
                              lock log (fun () -> log.AddRange texts)
                              Thread.Sleep 5
                              [ for text in texts -> [ "text", Output.Bytes(Encoding.UTF8.GetBytes text) ] ]
                      )

                  let stage: Stage<string, string> =
                      { Name = "copy"
                        Version = 1
                        Libraries = []
                        Record = Canonical.ofValue {| |}
                        Work = work
                        Read = fun result -> File.ReadAllText (Seq.exactlyOne result.Outputs.Values).Path }

                  [ for number in 1..20 -> leaf $"{number}" => stage ]

              use store = Store.openAt (folder.Path "store")
              let results = Array.zeroCreate 3

              let threads =
                  [ for worker in 0..2 ->
                        Thread(fun () -> results[worker] <- Pipeline(store, CancellationToken.None, worker, 3).GetAll(artifacts ())) ]

              threads |> List.iter _.Start()
              threads |> List.iter _.Join()

              for result in results do
                  Expect.equal result [ for number in 1..20 -> string number ] "result"

              Expect.equal log.Count 20 "number of log"
          } ]
