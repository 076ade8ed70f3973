/// Expected output, kept in files that a person has looked at.
module Falcon.Reports.Tests.Golden

open System
open System.IO
open Expecto

/// Compares with the golden file of that name. The text found is left beside it, as NAME.actual, to be looked at and taken over.
let equal (name: string) (found: string) =
    let path = Path.Combine(AppContext.BaseDirectory, "golden", name)
    File.WriteAllText(path + ".actual", found)
    Expect.equal found (if File.Exists path then File.ReadAllText path else "") "found"
