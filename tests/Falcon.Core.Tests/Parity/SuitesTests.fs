module Falcon.Core.Tests.Parity.SuitesTests

open System
open Xunit
open Falcon.Core.Tests
open Falcon.Parity

let private replay (suite: IParitySuite) =
    let results = suite.Replay(Fixtures.require [ "parity"; suite.Name ]) |> List.ofSeq
    let failed = results |> List.filter (fun result -> not result.Passed)
    Assert.True(failed.IsEmpty, failed |> List.map string |> String.concat "\n")
    results.Length

[<Fact>]
let ``every backbone computes what torchvision's does, as it is and folded`` () = Assert.Equal(4 * 10 * 2, replay (BackbonesParity()))

[<Fact>]
let ``every layout of weight files gives the same tensors, and bad files are refused`` () =
    Assert.Equal(3 * 11 + 6 * 3, replay (WeightsParity()))

[<Fact>]
let ``the relative error is NaN for another length and absolute where all stored values are zero`` () =
    let error (actual: float list) (expected: float list) =
        ParityFixture.RelativeError(ReadOnlySpan(Array.ofList actual), ReadOnlySpan(Array.ofList expected))

    Assert.Equal(nan, error [ 1.0 ] [ 1.0; 2.0 ])
    Assert.Equal(0.125, error [ 1.0; 3.5 ] [ 1.0; -4.0 ] - 1.75)
    Assert.Equal(0.5, error [ 0.5 ] [ 0.0 ])
    Assert.Equal(nan, error [ nan; 0.0 ] [ 0.0; 0.0 ])

[<Fact>]
let ``FALCON computes every tensor of its fixtures`` () = Assert.Equal(134, replay (FalconParity()))

/// Replays a suite and says which tensors of its fixtures it never compared.
let private leftOver (suite: IParitySuite) =
    let folder = Fixtures.require [ "parity"; suite.Name ]
    let results = suite.Replay folder |> List.ofSeq
    let failed = results |> List.filter (fun result -> not result.Passed)
    Assert.True(failed.IsEmpty, failed |> List.map string |> String.concat "\n")

    [ for file in [ "train.safetensors"; "infer.safetensors" ] do
          use fixture = new ParityFixture(folder, file)
          let compared = results |> List.filter (fun result -> result.File = file) |> List.map _.Tensor |> Set.ofList
          yield! fixture.Names |> Seq.filter (fun name -> not (compared.Contains name)) ]
    |> List.distinct
    |> List.sort

[<Fact>]
let ``STPM computes every tensor of its fixtures`` () = Assert.Equal<string list>([ "image01" ], leftOver (StpmParity()))

[<Fact>]
let ``reverse distillation computes every tensor of its fixtures`` () =
    Assert.Equal<string list>([ "image01" ], leftOver (ReverseDistillationParity()))

[<Fact>]
let ``the SSPCAB block computes every tensor of its fixtures`` () = Assert.Equal<string list>([ "input" ], leftOver (SspcabParity()))

[<Fact>]
let ``DBFAD computes every tensor of its fixtures`` () = Assert.Equal<string list>([ "input" ], leftOver (DbfadParity()))

[<Fact>]
let ``remembering normality computes every tensor of its fixtures, forward and backward`` () =
    Assert.Equal<string list>([ "exemplar"; "input"; "memory.query" ], leftOver (RememberingNormalityParity()))

[<Fact>]
let ``SingleNet computes every tensor of its fixtures`` () = Assert.Equal<string list>([ "input" ], leftOver (SingleNetParity()))

[<Fact>]
let ``MixedTeacher computes every tensor of its fixtures`` () = Assert.Equal<string list>([ "input" ], leftOver (MixedTeacherParity()))

[<Fact>]
let ``EfficientAD computes every tensor of its fixtures`` () =
    // The statistics are compared in one file and given in the other.
    let inputs name =
        Seq.exists
            (fun (part: string) -> (name: string).Contains part)
            [ "_u8"; "dropout.mask"; "pre.layer"; "teacher_mean"; "teacher_std" ]

    let left = leftOver (EfficientAdParity()) |> List.filter (inputs >> not)
    Assert.Empty left

[<Fact>]
let ``a suite is found by the folder's name, and an unknown folder names those that exist`` () =
    let folder = System.IO.Directory.CreateTempSubdirectory().FullName
    let error = Assert.Throws<Falcon.InvalidInputException>(fun () -> ParitySuites.For folder |> ignore)
    Assert.Contains("falcon", error.Message)
    System.IO.Directory.Delete folder
