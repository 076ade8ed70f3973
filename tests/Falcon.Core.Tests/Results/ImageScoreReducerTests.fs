module Falcon.Core.Tests.Results.ImageScoreReducerTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Falcon.Protocol
open Falcon.Results

let private anyMap =
    gen {
        let! width = Gen.choose (1, 7)
        let! height = Gen.choose (1, 7)
        let! values = Gen.listOfLength (width * height) (Gen.choose (-50, 50))
        return width, height, [| for value in values -> float32 value / 8.0f |]
    }

/// Every window, one by one.
let private pooled window width height (values: float32 array) =
    let across, down = min window width, min window height

    Seq.max
        [ for top in 0 .. height - down do
              for left in 0 .. width - across ->
                  Seq.average
                      [ for y in top .. top + down - 1 do
                            for x in left .. left + across - 1 -> float values[y * width + x] ] ]

let private close (a: float) (b: float) = abs (a - b) < 1e-9

[<Tests>]
let tests =
    testList
        "Image score reducer"
        [ testProperty
              "a map is reduced to its maximum, to the mean of its top, or to the maximum of its window means"
              (Prop.forAll (Arb.fromGen (Gen.zip anyMap (Gen.choose (1, 9)))) (fun ((width, height, values), window) ->
                  let of' (reducer: ImageScoreReducer) = reducer.Of(values, width, height)
                  let top = values |> Array.sortDescending |> Array.truncate (max 1 (int (Math.Round(float values.Length * 0.3))))

                  close (of' (ImageScoreReducer.Maximum())) (float (Array.max values))
                  && close (of' (ImageScoreReducer.TopMean 30.0)) (Array.averageBy float top)
                  && close (of' (ImageScoreReducer.PooledMaximum window)) (pooled window width height values))) ]
