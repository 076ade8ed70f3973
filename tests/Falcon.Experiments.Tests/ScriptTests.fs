module Falcon.Experiments.Tests.ScriptTests

open Xunit
open Falcon.Experiments

[<Fact>]
let ``a script's arguments fill the runtime and name the inputs`` () =
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
    | Error findings -> Assert.Fail $"%A{findings}"
    | Ok read ->
        Assert.Equal(Some "photos", read.Data)
        Assert.Equal<string list>([ "a"; "b" ], read.Categories)
        Assert.Equal(Some "t.pth", read.Teacher)
        Assert.True read.Quick
        Assert.Equal({ Runtime.local with Out = Some "o"; Threads = 3; Workers = 4 }, read.Runtime)

[<Fact>]
let ``all faults of a script's arguments are found at once`` () =
    match Script.parse [ "--date"; "--threads"; "none"; "--out" ] with
    | Ok _ -> Assert.Fail "the arguments are wrong"
    | Error findings -> Assert.Equal<string list>([ "--date"; "--threads"; "--out" ], [ for finding in findings -> finding.Where ])
