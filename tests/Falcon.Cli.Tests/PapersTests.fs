/// The studies of `experiments/papers`.
module Falcon.Cli.Tests.PapersTests

open System.IO
open Falcon.Cli
open Falcon.Core.Tests
open Xunit

let private scripts () =
    match Fixtures.repositoryRoot with
    | Some root -> Directory.GetFiles(Path.Combine(root, "experiments", "papers"), "*.fsx") |> Array.sort |> List.ofArray
    | None ->
        Assert.Skip "No checkout around the test program."
        []

[<Fact>]
let ``every paper's study runs with --quick on drawn parts without weights, and shows its tables`` () =
    use folder = new Scratch.Folder()

    for script in scripts () do
        let out = folder.File(string (Path.GetFileNameWithoutExtension script))

        let outcome =
            Command.start [] $"""run {script} --quick --quiet --teacher random --out {out} --store {folder.File "store"}"""
            |> Command.finishWithin 300_000

        Assert.True((outcome.ExitCode = ExitCode.Fine), $"{script}: {outcome.Error}")
        Assert.Contains("index.html", outcome.Out)

        let tables = [ for file in Directory.GetFiles(Path.Combine(out, "report"), "*.md") -> File.ReadAllText file ]
        Assert.Contains(tables, fun table -> table.StartsWith "Results of this study beside published ones")
