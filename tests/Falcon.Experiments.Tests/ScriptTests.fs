module Falcon.Experiments.Tests.ScriptTests

open System.IO
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy

let private arguments text =
    match Script.parse text with
    | Ok arguments -> arguments
    | Error findings -> failwith $"%A{findings}"

[<Tests>]
let tests =
    testList
        "Scripts"
        [ test "a script's arguments fill the runtime and name the inputs" {
              let arguments =
                  [ "--data"
                    "photos"
                    "--category"
                    "a"
                    "--category"
                    "b"
                    "--teacher"
                    "t.pth"
                    "--out"
                    "o"
                    "--threads"
                    "3"
                    "--workers"
                    "4"
                    "--quick" ]

              match Script.parse arguments with
              | Error findings -> failtest $"%A{findings}"
              | Ok read ->
                  Expect.equal read.Data [ "photos" ] "data of read"
                  Expect.equal read.Categories [ "a"; "b" ] "categories of read"
                  Expect.equal read.Teacher (Some "t.pth") "teacher of read"
                  Expect.isTrue read.Quick "quick of read"
                  Expect.equal read.Runtime { Runtime.local with Out = Some "o"; Threads = 3; Workers = 4 } "runtime of read"
          }
          test "all faults of a script's arguments are found at once" {
              match Script.parse [ "--date"; "--threads"; "none"; "--out" ] with
              | Ok _ -> failtest "the arguments are wrong"
              | Error findings ->
                  Expect.equal [ for finding in findings -> finding.Where ] [ "--date"; "--threads"; "--out" ] "finding where"
          }
          test "a count is a whole number, at least 1, and words that belong to no option are refused" {
              let where arguments =
                  match Script.parse arguments with
                  | Ok _ -> []
                  | Error findings -> [ for finding in findings -> finding.Where ]

              Expect.equal (where [ "--workers"; "0" ]) [ "--workers" ] "no workers"
              Expect.equal (where [ "--threads"; "0"; "--workers"; "-1" ]) [ "--threads"; "--workers" ] "neither threads nor workers"
              Expect.equal (where [ "--quick"; "4" ]) [ "--quick" ] "a word behind a flag"
              Expect.equal (where [ "4" ]) [ "falcon run SCRIPT.fsx" ] "a word alone"
          }
          test "of a script's words those that change how studies run are told from its own" {
              let separate (words: string) = ScriptOptions.separate (List.ofArray (words.Split ' '))

              Expect.equal
                  (separate "--workers 2 --epochs 3 --only a --quiet file --store=s --data d --plan")
                  ([ "--workers"; "2"; "--only"; "a"; "--quiet"; "--store=s"; "--plan" ], [ "--epochs"; "3"; "file"; "--data"; "d" ])
                  "words"

              Expect.equal (separate "--only") ([ "--only" ], []) "a value that is missing"
          }
          test "a script may take several data sets, restricted to the categories that are named" {
              use folder = new Folder()
              writeData (folder.Path "one")
              writeData (folder.Path "two")
              let both = [ "--data"; folder.Path "one"; "--data"; folder.Path "two" ]
              let found text = [ for data in Script.dataSets (arguments text) -> data.Name, data.Categories ]
              Expect.equal (found both) [ "one", [ "cloth"; "plate" ]; "two", [ "cloth"; "plate" ] ] "found both"

              Expect.equal
                  (found (both @ [ "--category"; "plate" ]))
                  [ "one", [ "plate" ]; "two", [ "plate" ] ]
                  "found both --category plate"

              let wrong () = found (both @ [ "--category"; "plat" ]) |> ignore

              Expect.stringContains
                  (raised<InvalidInputException> wrong).Message
                  "cloth, plate"
                  "message of raised invalid input exception wrong"

              Expect.throwsT<InvalidInputException> (fun () -> Script.data (arguments both) |> ignore) "script arguments both is refused"
          }
          test "a quick run takes the first category of the first data set" {
              use folder = new Folder()
              writeData (folder.Path "one")
              let quick = arguments [ "--data"; folder.Path "one"; "--data"; folder.Path "one"; "--quick" ]
              let data = Script.dataSets quick |> Script.smaller quick |> List.exactlyOne
              Expect.equal data.Categories [ "cloth" ] "categories"
              let full = { quick with Quick = false }
              Expect.equal (Script.dataSets full |> Script.smaller full).Length 2 "number of data sets full smaller"
          }
          test "a folder with the categories of a published data set has its name in a study" {
              use folder = new Folder()

              Directory.Move(
                  (writeData (folder.Path "metal")
                   folder.Path "metal/plate"),
                  folder.Path "metal/tubes"
              )

              Directory.Delete(folder.Path "metal/cloth", true)
              Expect.equal (Data.detect (folder.Path "metal")).Name "MPDD" "name of detect metal"
              Expect.equal (Mpdd.at "anywhere").Categories Mpdd.categories "categories of at anywhere"
              Expect.equal Visa.categories.Length 12 "categories of VisA"

              Expect.equal
                  (MvtecAd.at "anywhere" |> MvtecAd.onlyTextures).Categories
                  [ "carpet"; "grid"; "leather"; "tile"; "wood" ]
                  "categories of at anywhere only textures"

              Expect.equal (MvtecAd.onlyTextures Data.drawn) Data.drawn "only textures drawn"
          } ]
