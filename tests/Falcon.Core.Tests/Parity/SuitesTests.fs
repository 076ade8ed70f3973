module Falcon.Core.Tests.Parity.SuitesTests

open System
open Expecto
open Falcon.Tests
open Falcon.Core.Tests
open Falcon.Parity

let private replay (suite: IParitySuite) =
    let results = suite.Replay(Fixtures.require [ "parity"; suite.Name ]) |> List.ofSeq
    let failed = results |> List.filter (fun result -> not result.Passed)
    Expect.isTrue failed.IsEmpty (failed |> List.map string |> String.concat "\n")
    results.Length

/// Replays a suite and says which tensors of its fixtures it never compared.
let private leftOver (suite: IParitySuite) =
    let folder = Fixtures.require [ "parity"; suite.Name ]
    let results = suite.Replay folder |> List.ofSeq
    let failed = results |> List.filter (fun result -> not result.Passed)
    Expect.isTrue failed.IsEmpty (failed |> List.map string |> String.concat "\n")

    [ for file in [ "train.safetensors"; "infer.safetensors" ] do
          use fixture = new ParityFixture(folder, file)
          let compared = results |> List.filter (fun result -> result.File = file) |> List.map _.Tensor |> Set.ofList
          yield! fixture.Names |> Seq.filter (fun name -> not (compared.Contains name)) ]
    |> List.distinct
    |> List.sort

[<Tests>]
let tests =
    testList
        "Parity suites"
        [ test "every backbone computes what torchvision's does, as it is and folded" {
              Expect.equal (replay (BackbonesParity())) (4 * 10 * 2) "replay backbones parity"
          }
          test "every layout of weight files gives the same tensors, and bad files are refused" {
              Expect.equal (replay (WeightsParity())) (3 * 11 + 6 * 3) "replay weights parity"
          }
          test "the relative error is NaN for another length and absolute where all stored values are zero" {
              let error (actual: float list) (expected: float list) =
                  ParityFixture.RelativeError(ReadOnlySpan(Array.ofList actual), ReadOnlySpan(Array.ofList expected))

              Expect.isNaN (error [ 1.0 ] [ 1.0; 2.0 ]) "error 1.0 2.0"
              Expect.equal (error [ 1.0; 3.5 ] [ 1.0; -4.0 ] - 1.75) 0.125 "error 1.0 3.5 4.0 1.75"
              Expect.equal (error [ 0.5 ] [ 0.0 ]) 0.5 "error 0.5 0.0"
              Expect.isNaN (error [ nan; 0.0 ] [ 0.0; 0.0 ]) "error nan 0.0"
          }
          test "FALCON computes every tensor of its fixtures" { Expect.equal (replay (FalconParity())) 134 "replay falcon parity" }
          test "STPM computes every tensor of its fixtures" { Expect.equal (leftOver (StpmParity())) [ "image01" ] "left over stpm parity" }
          test "reverse distillation computes every tensor of its fixtures" {
              Expect.equal (leftOver (ReverseDistillationParity())) [ "image01" ] "left over reverse distillation parity"
          }
          test "the SSPCAB block computes every tensor of its fixtures" {
              Expect.equal (leftOver (SspcabParity())) [ "input" ] "left over sspcab parity"
          }
          test "DBFAD computes every tensor of its fixtures" {
              Expect.equal (leftOver (DbfadParity())) [ "input" ] "left over dbfad parity"
          }
          test "remembering normality computes every tensor of its fixtures, forward and backward" {
              Expect.equal
                  (leftOver (RememberingNormalityParity()))
                  [ "exemplar"; "input"; "memory.query" ]
                  "left over remembering normality parity"
          }
          test "SingleNet computes every tensor of its fixtures" {
              Expect.equal (leftOver (SingleNetParity())) [ "input" ] "left over single net parity"
          }
          test "MixedTeacher computes every tensor of its fixtures" {
              Expect.equal (leftOver (MixedTeacherParity())) [ "input" ] "left over mixed teacher parity"
          }
          test "EfficientAD computes every tensor of its fixtures" {
              // The statistics are compared in one file and given in the other.
              let inputs name =
                  Seq.exists
                      (fun (part: string) -> (name: string).Contains part)
                      [ "_u8"; "dropout.mask"; "pre.layer"; "teacher_mean"; "teacher_std" ]

              let left = leftOver (EfficientAdParity()) |> List.filter (inputs >> not)
              Expect.isEmpty left "left"
          }
          test "a suite is found by the folder's name, and an unknown folder names those that exist" {
              let folder = System.IO.Directory.CreateTempSubdirectory().FullName
              let error = raised<Falcon.InvalidInputException>(fun () -> ParitySuites.For folder |> ignore)
              Expect.stringContains error.Message "falcon" "message of error"
              System.IO.Directory.Delete folder
          } ]
