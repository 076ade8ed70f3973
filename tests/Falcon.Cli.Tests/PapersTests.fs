/// The studies of `experiments/papers`.
module Falcon.Cli.Tests.PapersTests

open System.IO
open Falcon.Cli
open Falcon.Core.Tests
open Expecto

let private scripts () =
    match Fixtures.repositoryRoot with
    | Some root -> Directory.GetFiles(Path.Combine(root, "experiments", "papers"), "*.fsx") |> Array.sort |> List.ofArray
    | None ->
        skiptest "No checkout around the test program."
        []

/// Scripts that run something; the others are loaded by them.
let private studies () =
    match Fixtures.repositoryRoot with
    | Some root ->
        [ for script in Directory.GetFiles(Path.Combine(root, "experiments"), "*.fsx") |> Array.sort do
              if File.ReadAllText(script).Contains "Script.run" then script ]
    | None ->
        skiptest "No checkout around the test program."
        []

/// Published on wide networks, whose weights, drawn at random, teach no more than those of a small one.
let private small name =
    if List.contains name [ "rdpp"; "remembering-normality"; "reverse-distillation" ] then
        "--set method.backbone=resnet18"
    else
        ""

[<Tests>]
let tests =
    testList
        "Papers"
        [ test "every paper's study runs with --quick on drawn parts without weights, and shows its tables" {
              use folder = new Scratch.Folder()

              for script in scripts () do
                  let name = string (Path.GetFileNameWithoutExtension script)
                  let out = folder.File name

                  let outcome =
                      Command.start
                          []
                          $"""run {script} --quick --quiet --teacher random --out {out} --store {folder.File "store"} {small name}"""
                      |> Command.finishWithin 300_000

                  Expect.equal outcome.ExitCode ExitCode.Fine $"{script}: {outcome.Error}"
                  Expect.stringContains outcome.Out "index.html" "out of outcome"

                  let tables = [ for file in Directory.GetFiles(Path.Combine(out, "report"), "*.md") -> File.ReadAllText file ]
                  Expect.exists tables (fun table -> table.StartsWith "Results of this study beside published ones") "tables"
          }
          test "every other study of the experiments is planned" {
              use folder = new Scratch.Folder()

              for script in studies () do
                  let outcome =
                      Command.start [] $"""plan {script} --quick --teacher random --store {folder.File "store"}"""
                      |> Command.finishWithin 300_000

                  Expect.equal outcome.ExitCode ExitCode.Fine $"{script}: {outcome.Error}"
                  Expect.stringContains outcome.Out " 0 hit" script
          } ]
