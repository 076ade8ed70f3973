/// The order of Falcon.Core's folders.
module Falcon.Core.Tests.FoldersTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Falcon.Tests

/// Each folder may need those before it.
let private order =
    [ "Engine"
      "Imaging"
      "Randomness"
      "Weights"
      "Onnx"
      "Protocol"
      "Data"
      "Backbones"
      "Metrics"
      "Results"
      "Diagnostics"
      "Training"
      "Methods"
      "Detection"
      "Watching"
      "DrawnData"
      "Pretraining"
      "Export" ]

let private core () = Path.Combine(Option.get Fixtures.repositoryRoot, "Falcon.Core")

/// The folders that a source names, by a using or in the code itself; words of comments do not count.
let private named (source: string) =
    let code = Regex.Replace(source, @"//[^\n]*|""(\\.|[^""\n])*""", "")
    let folders = String.Join('|', order)

    [ for found in Regex.Matches(code, $@"using (?:static )?Falcon\.({folders})\b|(?<![\w.])(?:Falcon\.)?({folders})\.(?=[A-Z])") do
          found.Groups[1].Value + found.Groups[2].Value ]
    |> List.distinct

let private climbing folder (source: string) =
    let place = List.findIndex ((=) folder)
    named source |> List.filter (fun other -> place order < List.findIndex ((=) other) order)

[<Tests>]
let tests =
    testList
        "Folders"
        [ test "every folder of Falcon.Core has its place in the order" {
              let folders =
                  [ for folder in Directory.GetDirectories(core ()) do
                        if Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories) |> Seq.isEmpty |> not then
                            Path.GetFileName folder |> string ]

              Expect.equal (Set folders) (Set order) "folders"
          }
          test "no folder needs one that stands above it" {
              let climbers =
                  [ for folder in order do
                        for file in Directory.EnumerateFiles(Path.Combine(core (), folder), "*.cs", SearchOption.AllDirectories) do
                            for above in climbing folder (File.ReadAllText file) do
                                $"{Path.GetRelativePath(core (), file)} uses {above}" ]

              Expect.isEmpty climbers "climbing files"
          }
          test "a using that climbs is seen, and so is a qualified name" {
              Expect.equal (climbing "Data" "using Falcon.Methods;\n") [ "Methods" ] "using"
              Expect.equal (climbing "Data" "var x = Falcon.Training.Trainer.Train();") [ "Training" ] "qualified name"
              Expect.isEmpty (climbing "Methods" "using Falcon.Data; // as Falcon.Detection.Detector does") "downwards"
          } ]
