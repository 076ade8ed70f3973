/// Console output that was looked at once and must not change unnoticed.
module Falcon.Cli.Tests.Golden

open System
open System.IO
open Expecto

/// Compares with golden/NAME.txt. Where the difference is wanted, the actual text that the failure names replaces the file.
let check name (actual: string) =
    let expected = Path.Combine(AppContext.BaseDirectory, "golden", $"{name}.txt")
    let actual = actual.ReplaceLineEndings "\n"

    if not (File.Exists expected) || File.ReadAllText expected <> actual then
        let received = Path.Combine(AppContext.BaseDirectory, $"{name}.received.txt")
        File.WriteAllText(received, actual)
        failtest $"The output differs from golden/{name}.txt; the actual text is in {received}:\n{actual}"
