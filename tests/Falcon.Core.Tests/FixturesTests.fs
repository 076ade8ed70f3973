module Falcon.Core.Tests.FixturesTests

open System.IO
open Xunit

[<Fact>]
let ``the shared folder holds the parity fixtures`` () =
    Assert.True(File.Exists(Path.Combine(Fixtures.requireShared (), "parity", "README.md")))
