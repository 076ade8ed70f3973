module Falcon.Cli.Tests.DataVerbsTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Expecto

/// A category of MPDD with four training images.
let private writeTubes (folder: string) =
    DrawnDataSet.Write(folder, DrawnDataOptions(0L, 64, 4, 1, 1, [| "flange" |]))
    Directory.Move(Path.Combine(folder, "flange"), Path.Combine(folder, "tubes"))

    for file in Directory.GetFiles folder do
        File.Delete file

    // One published kind of defect, which makes the folder MPDD.
    for part in [ "test"; "ground_truth" ] do
        let place = Path.Combine(folder, "tubes", part)
        let kinds = Directory.GetDirectories place |> Array.filter (fun kind -> Path.GetFileName kind <> "good") |> Array.sort
        Directory.Move(kinds[0], Path.Combine(place, "anomalous"))

        for kind in Array.tail kinds do
            Directory.Delete(kind, true)

[<Tests>]
let tests =
    testList
        "Data verbs"
        [ test "a drawn data set is one that the check accepts" {
              use folder = new Scratch.Folder()
              let drawn = Command.run $"""data synth --out {folder.File "drawn"} --size 64 --json"""
              Expect.equal drawn.ExitCode ExitCode.Fine "exit code of drawn"
              let categories = JsonDocument.Parse(drawn.Out).RootElement.GetProperty("categories")
              Expect.equal (categories.GetArrayLength()) 3 "categories"

              let check = Command.run $"""data check {folder.File "drawn"} --shots 20 --json --quiet --store {folder.File "store"}"""
              Expect.equal check.ExitCode ExitCode.Fine "exit code of check"

              for category in JsonDocument.Parse(check.Out).RootElement.EnumerateArray() do
                  Expect.equal (category.GetProperty("train").GetInt32()) 20 "category train"
                  Expect.equal (category.GetProperty("errors").GetArrayLength()) 0 "category errors"
          }
          test "faults of a data set are listed together and exit with 2" {
              use folder = new Scratch.Folder()
              let root = folder.File "drawn"
              DrawnDataSet.Write(root, DrawnDataOptions(0L, 64, 5, 1, 1, [| "fabric"; "flange" |]))
              File.WriteAllText(Path.Combine(root, "fabric/train/good/003.png"), "no image")
              File.Delete(Path.Combine(root, "flange/train/good/000.png"))

              let outcome = Command.run $"""data check {root} --shots 5 --store {folder.File "store"}"""
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"

              for problem in [ "003.png"; "flange has 4 training images" ] do
                  Expect.stringContains outcome.Error problem "error of outcome"
          }
          test "data info says what a data set is, beside what was published" {
              use folder = new Scratch.Folder()
              writeTubes (folder.File "metal")
              let outcome = Command.run $"""data info {folder.File "metal"} --quiet --store {folder.File "store"}"""
              Expect.equal outcome.ExitCode ExitCode.Fine "exit code of outcome"

              for expected in
                  [ "MPDD: folders as in MVTec AD"
                    "licence: CC BY-NC-SA 4.0"
                    "122, 0, 32, 69"
                    "64×64"
                    "not here: bracket_black, bracket_brown, bracket_white, connector, metal_plate"
                    "has 4 training images, 122 are published" ] do
                  Expect.stringContains outcome.Out expected "out of outcome"
          }
          test "data info as JSON holds counts, shapes and a digest that follows the contents, not the place" {
              use folder = new Scratch.Folder()
              writeTubes (folder.File "one")
              writeTubes (folder.File "two")

              let category name =
                  let outcome = Command.run $"""data info {folder.File name} --json --quiet --store {folder.File "store"}"""
                  JsonDocument.Parse(outcome.Out).RootElement.GetProperty("categories").EnumerateArray() |> Seq.head

              let one = category "one"
              Expect.equal (one.GetProperty("train").GetInt32()) 4 "one train"
              Expect.equal (one.GetProperty("published").GetProperty("train").GetInt32()) 122 "one published train"

              Expect.equal
                  ((one.GetProperty("shapes").EnumerateArray() |> Seq.head).GetProperty("channels").GetInt32())
                  3
                  "one shapes enumerate array channels"

              let digest (category: JsonElement) = category.GetProperty("digest").GetString()
              Expect.equal (category "two" |> digest) (digest one) "category two digest"
              File.Copy(folder.File "one/tubes/train/good/000.png", folder.File "two/tubes/train/good/001.png", true)
              Expect.notEqual (category "two" |> digest) (digest one) "category two digest"
          }
          test "what a check warns of is said again when nothing is read again" {
              use folder = new Scratch.Folder()
              let tubes = folder.File "metal/tubes"
              writeTubes (folder.File "metal")
              File.Copy(Path.Combine(tubes, "train/good/000.png"), Path.Combine(tubes, "test/good/copy.png"))
              let check () = Command.run $"""data check {folder.File "metal"} --quiet --store {folder.File "store"}"""
              let first = check ()
              Expect.equal first.ExitCode ExitCode.Fine "exit code of first"
              Expect.stringContains first.Error "has the same content as test/good/copy.png" "error of first"
              Expect.equal (check ()) first "check"
          }
          test "a folder that is no data set is refused with what was expected and found" {
              use folder = new Scratch.Folder()
              Directory.CreateDirectory(folder.File "mine/stuff") |> ignore
              let outcome = Command.run $"""data info {folder.File "mine"} --store {folder.File "store"}"""
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"

              for expected in [ "train/good/IMAGE"; "split_csv/1cls.csv"; "falcon-data.json"; "found stuff/" ] do
                  Expect.stringContains outcome.Error expected "error of outcome"
          }
          test "a folder that holds something else is not drawn over" {
              use folder = new Scratch.Folder()
              Directory.CreateDirectory(folder.File "mine") |> ignore
              File.WriteAllText(folder.File "mine/photo.txt", "mine")
              let outcome = Command.run $"""data synth --out {folder.File "mine"}"""
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.equal folder.Names [| "mine" |] "names of folder"
          } ]
