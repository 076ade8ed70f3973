module Falcon.Experiments.Tests.ScriptTests

open System.IO
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Experiments
open Falcon.Methods
open Falcon.Experiments.Tests.TinyStudy

let private arguments text =
    match Script.parse text with
    | Ok arguments -> arguments
    | Error findings -> failwith $"%A{findings}"

/// With what stands behind `--set`.
let private setting (texts: string list) (action: unit -> 'Value) =
    match StudyAssignments.parse texts with
    | Error findings -> failwith $"%A{findings}"
    | Ok assignments ->
        StudyAssignments.prevail assignments

        try
            action ()
        finally
            StudyAssignments.prevail []

/// What is said of an assignment to a study.
let private objection text (study: unit -> #IStudy) =
    let findings =
        match StudyAssignments.parse [ text ] with
        | Error findings -> findings
        | Ok _ -> setting [ text ] (fun () -> Preparation.checkValue (study ()))

    match findings |> List.filter (fun finding -> finding.Where = $"--set {text}") with
    | [ finding ] -> $"{finding.What}. {finding.Fix}"
    | _ -> ""

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
          test "a script's options are unread until it asks for them" {
              let read = arguments [ "--data"; "d"; "--category"; "c"; "--teacher"; "t"; "--quick"; "--workers"; "2" ]
              Expect.equal read.Unread [ "--category"; "--data"; "--quick"; "--teacher" ] "unread"
              Script.teacher read |> ignore
              Script.smaller read [] |> ignore
              Expect.equal read.Unread [ "--category"; "--data" ] "what is left"
          }
          test "of a script's words those that change how studies run are told from its own" {
              let separate (words: string) = ScriptOptions.separate (List.ofArray (words.Split ' '))

              Expect.equal
                  (separate "--workers 2 --epochs 3 --only a --quiet file --store=s --data d --plan")
                  ([ "--workers"; "2"; "--only"; "a"; "--quiet"; "--store=s"; "--plan" ], [ "--epochs"; "3"; "file"; "--data"; "d" ])
                  "words"

              Expect.equal (separate "--only") ([ "--only" ], []) "a value that is missing"
          }
          test "what is set without editing gives the cells that the edited script would" {
              let edited =
                  { study "photos" with
                      Seeds = [ 0; 1; 2; 7 ]
                      Shots = [ 1; Shots.All ]
                      Methods = [ FalconOptions(Epochs = 7, InputSize = 64) ] }

              let weights study =
                  study
                  |> Sweep.axis "weight" [ 1.0; 3.0 ] (fun weight ->
                      Method.map (fun (o: FalconOptions) -> FalconOptions(o, NoiseWeight = weight)))

              let found =
                  setting [ "seeds=0..2,7"; "shots=1,all"; "method.Epochs=7" ] (fun () ->
                      let sweep = weights (study "photos")
                      Expect.isEmpty (Preparation.checkValue sweep) "faults"
                      Sweep.ids sweep)

              Expect.equal found (Sweep.ids (weights edited)) "ids"
          }
          testTheory
              "a value that is set and changes nothing, or that nothing has, is refused"
              [ "seeds=0,1", "changes nothing: the study's seeds are 0, 1 as it is"
                "method.epochs=1", "changes nothing: 'epochs' is 1 as it is"
                "method.epohcs=4", "Did you mean 'method.epochs'?"
                "method.momentum=0.5", "no method of the study (FALCON) has an option 'momentum'"
                "method.epochs=many", "'many' is not a value of epochs"
                "seed=1", "Did you mean 'seeds'?"
                "epochs=4", "Did you mean 'method.epochs'?"
                "colour=red", "There are: seeds, shots, and method.NAME"
                "seeds=one", "'one' is no list of whole numbers"
                "seeds=0..2,1", "1 stands 2 times"
                "seeds", "this is no assignment" ]
              (fun (text, said) ->
                  let found =
                      try
                          objection text (fun () -> study "photos")
                      with :? InvalidInputException as error ->
                          error.Message

                  Expect.stringContains found said text)
          test "what an axis decides cannot be set" {
              let swept () =
                  study "photos"
                  |> Sweep.axis "shots" [ 3; 4 ] (fun shots cell -> { cell with Shots = shots })
                  |> Sweep.axis "epochs" [ 5; 6 ] (fun epochs -> Method.map (fun (o: FalconOptions) -> FalconOptions(o, Epochs = epochs)))

              Expect.stringContains (objection "shots=1" swept) "no cell with shots 1: an axis or a condition decides" "shots"
              Expect.stringContains (objection "method.epochs=9" swept) "an axis of the study decides" "epochs"
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

              writeCategories [ "tu\u0308r" ] (folder.Path "three")

              Expect.equal
                  (found [ "--data"; folder.Path "three"; "--category"; "t\u00FCr" ])
                  [ "three", [ "tu\u0308r" ] ]
                  "as it is stored, however it is typed"

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
              let both = [ "--data"; folder.Path "one"; "--data"; folder.Path "one" ]
              let quick = arguments (both @ [ "--quick" ])
              let data = Script.dataSets quick |> Script.smaller quick |> List.exactlyOne
              Expect.equal data.Categories [ "cloth" ] "categories"
              let full = arguments both
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
              Directory.Delete(folder.Path "metal/tubes/test", true)
              Expect.equal (Data.detect (folder.Path "metal")).Name "MPDD" "name of detect metal"
              Expect.equal (Mpdd.at "anywhere").Categories Mpdd.categories "categories of at anywhere"
              Expect.equal Visa.categories.Length 12 "categories of VisA"

              Expect.equal
                  (MvtecAd.at "anywhere" |> MvtecAd.onlyTextures).Categories
                  [ "carpet"; "grid"; "leather"; "tile"; "wood" ]
                  "categories of at anywhere only textures"

              Expect.equal (MvtecAd.onlyTextures Data.drawn) Data.drawn "only textures drawn"
          } ]
