module Falcon.Core.Tests.Imaging.HeatMapTests

open System
open Expecto
open Falcon.Tests
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Imaging

let private ramp = HeatMap.Colour([| for i in 0..255 -> float32 i |], 256, 1, 0f, 255f)

/// CIE lightness of an sRGB colour, 0 to 100.
let private lightness (colour: byte list) =
    let linear (value: byte) =
        let v = float value / 255.0
        if v <= 0.04045 then v / 12.92 else ((v + 0.055) / 1.055) ** 2.4

    let luminance = List.sum (List.map2 (fun weight value -> weight * linear value) [ 0.2126; 0.7152; 0.0722 ] colour)
    if luminance > 0.008856 then 116.0 * Math.Cbrt luminance - 16.0 else 903.3 * luminance

[<Tests>]
let tests =
    testList
        "Heat map"
        [ test "lightness never falls along the colours, and goes from black to nearly white" {
              let values = [ for i in 0..255 -> lightness (pixel ramp i 0) ]
              // Half a level of rounding in a dark colour is some tenths of lightness.
              for a, b in List.pairwise values do
                  Expect.isGreaterThan b (a - 0.5) "lightness of the next colour"

              for window in List.windowed 17 values do
                  Expect.isGreaterThan (List.last window) window.Head "last window"

              Expect.isBetween values.Head 0.0 1.0 "head of values"
              Expect.isBetween (List.last values) 95.0 100.0 "last values"
          }
          test "the colours are those published as inferno" {
              Expect.equal (pixel ramp 0 0) [ 0uy; 0uy; 4uy ] "pixel ramp 0"
              Expect.equal (pixel ramp 128 0) [ 188uy; 55uy; 84uy ] "pixel ramp 128 0"
              Expect.equal (pixel ramp 255 0) [ 252uy; 255uy; 164uy ] "pixel ramp 255 0"
          }
          test "values outside the range get the end colours, and so does NaN the lowest" {
              let colours = HeatMap.Colour([| -5f; 0f; 1f; 7f; nanf; infinityf |], 6, 1, 0f, 1f)
              Expect.equal (pixel colours 0 0) (pixel colours 1 0) "pixel colours 0"
              Expect.equal (pixel colours 3 0) (pixel colours 2 0) "pixel colours 3 0"
              Expect.equal (pixel colours 4 0) (pixel colours 1 0) "pixel colours 4 0"
              Expect.equal (pixel colours 5 0) (pixel colours 2 0) "pixel colours 5 0"
          }
          test "a range without extent shows the lowest colour at it and the highest above" {
              let colours = HeatMap.Colour([| 2f; 3f |], 2, 1, 2f, 2f)
              Expect.equal (pixel colours 0 0) (pixel ramp 0 0) "pixel colours 0"
              Expect.equal (pixel colours 1 0) (pixel ramp 255 0) "pixel colours 1 0"
          }
          test "an overlay leaves the photo as it is where the map is low" {
              let photo = smooth 31 23
              assertSame photo (HeatMap.Overlay(photo, Array.zeroCreate 16, 4, 4, 0f, 1f))
          }
          test "a full overlay is the map in colours" {
              let map = [| for i in 0..11 -> float32 i / 11f |]
              let overlay = HeatMap.Overlay(RasterImage(4, 3, 3), map, 4, 3, 0f, 1f, 1.0)
              let colours = HeatMap.Colour(map, 4, 3, 0f, 1f)
              // A colour covers in proportion to its value; over black that only darkens.
              Expect.equal (pixel overlay 3 2) (pixel colours 3 2) "pixel overlay 3 2"

              for covered, full in Array.zip overlay.Pixels colours.Pixels do
                  Expect.isLessThanOrEqual covered full "covered"
          }
          test "a hot cell is hottest at the place of its centre in the photo" {
              let map = Array.zeroCreate 16
              map[1 * 4 + 2] <- 1f
              let overlay = HeatMap.Overlay(RasterImage(80, 40, 1), map, 4, 4, 0f, 1f)
              let x, y = Seq.allPairs [ 0..79 ] [ 0..39 ] |> Seq.maxBy (fun (x, y) -> List.sumBy int (pixel overlay x y))
              Expect.isBetween x 48 51 "column of the hottest pixel"
              Expect.isBetween y 13 16 "row of the hottest pixel"
          }
          test "a map of another size than told is a programming error" {
              Expect.throwsT<ArgumentException> (fun () -> HeatMap.Colour([| 1f |], 2, 2, 0f, 1f) |> ignore) "colour 2 is refused"
          } ]
