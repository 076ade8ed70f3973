module Falcon.Core.Tests.Imaging.OtsuTests

open Xunit
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

[<Fact>]
let ``no other threshold separates the classes better`` () =
    let values =
        gen {
            let! length = Gen.choose (1, 60)
            let! levels = Gen.arrayOfLength 5 (Gen.choose (0, 255))
            return! Gen.elements levels |> Gen.map byte |> Gen.arrayOfLength length
        }

    forAll values (fun values ->
        let variances = [| for t in 0..255 -> betweenVariance values t |]
        let best = Array.max variances
        let threshold = threshold values
        Assert.InRange(variances[threshold], best * (1.0 - 1e-9), best))

[<Fact>]
let ``values of one level have the threshold 0`` () =
    for level in [ 0uy; 7uy; 255uy ] do
        Assert.Equal(0, threshold (Array.create 9 level))

[<Fact>]
let ``two levels are separated at the lower one`` () = Assert.Equal(30, threshold [| 30uy; 30uy; 200uy; 30uy; 200uy |])

[<Fact>]
let ``no values have the threshold 0`` () = Assert.Equal(0, threshold [||])

[<Fact>]
let ``thresholds agree with the fixtures`` () =
    use fixture = SafetensorsFile.Open(Fixtures.require [ "parity"; "falcon"; "cam.safetensors" ])
    let expected = fixture.Longs "otsu.threshold"
    let values = fixture.Bytes("otsu.values").ToArray() |> Array.chunkBySize 512
    Assert.Equal<int64 array>(expected, values |> Array.map (fun row -> int64 (threshold row)))
