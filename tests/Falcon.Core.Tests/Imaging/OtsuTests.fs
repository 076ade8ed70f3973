module Falcon.Core.Tests.Imaging.OtsuTests

open Expecto
open Falcon.Tests
open FsCheck.FSharp
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Imaging
open Falcon.Weights

let private threshold (values: byte array) = Otsu.Threshold values

/// The variance between the classes at or below t and above t, from the values themselves; 0 when one class is empty.
let private betweenVariance (values: byte array) t =
    let lower, upper = values |> Array.map float |> Array.partition (fun value -> value <= float t)

    if lower.Length = 0 || upper.Length = 0 then
        0.0
    else
        let share = float lower.Length / float values.Length
        share * (1.0 - share) * (Array.average lower - Array.average upper) ** 2.0

/// Values of few levels.
let private values =
    gen {
        let! length = Gen.choose (1, 60)
        let! levels = Gen.arrayOfLength 5 (Gen.choose (0, 255))
        return! Gen.elements levels |> Gen.map byte |> Gen.arrayOfLength length
    }

[<Tests>]
let tests =
    testList
        "Otsu's threshold"
        [ testPropertyWithConfig
              pictures
              "no other threshold separates the classes better"
              (forAll values (fun values ->
                  let variances = [| for t in 0..255 -> betweenVariance values t |]
                  let best = Array.max variances
                  let threshold = threshold values
                  Expect.isBetween variances[threshold] (best * (1.0 - 1e-9)) best "variances threshold"))
          test "values of one level have the threshold 0" {
              for level in [ 0uy; 7uy; 255uy ] do
                  Expect.equal (threshold (Array.create 9 level)) 0 "threshold create 9 level"
          }
          test "two levels are separated at the lower one" { Expect.equal (threshold [| 30uy; 30uy; 200uy; 30uy; 200uy |]) 30 "threshold" }
          test "no values have the threshold 0" { Expect.equal (threshold [||]) 0 "threshold" }
          test "thresholds agree with the fixtures" {
              use fixture = SafetensorsFile.Open(Fixtures.require [ "parity"; "falcon"; "cam.safetensors" ])
              let expected = fixture.Longs "otsu.threshold"
              let values = fixture.Bytes("otsu.values").ToArray() |> Array.chunkBySize 512
              Expect.equal (values |> Array.map (fun row -> int64 (threshold row))) expected "values"
          } ]
