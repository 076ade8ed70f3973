module Falcon.Core.Tests.FixturesTests

open System.IO
open Expecto

[<Tests>]
let tests =
    testList
        "Fixtures"
        [ test "the shared folder holds the parity fixtures" {
              Expect.isTrue
                  (File.Exists(Path.Combine(Fixtures.requireShared (), "parity", "README.md")))
                  "file exists require shared parity README.md"
          } ]
