module Falcon.Core.Tests.Imaging.ResizeParityTests

open Expecto
open Falcon.Core.Tests
open Falcon.Parity

let private results () = ResizeParity().Replay(Fixtures.require [ "parity"; "resize" ]) |> List.ofSeq

[<Tests>]
let tests =
    testList
        "Resize parity"
        [ test "resizing is equal to Pillow to the last bit" {
              let resized = results () |> List.filter (fun result -> result.File = "resize.safetensors")
              Expect.equal resized.Length (4 * 5 * 2) "number of resized"

              for result in resized do
                  Expect.equal result.Error 0.0 "error of result"
          }
          testTheory
              "a file of every kind holds the picture it should, or is refused"
              [ "rgb.png", "exact"
                "gray.png", "exact"
                "gray16.png", "exact"
                "palette.png", "exact"
                "rgba.png", "exact"
                "rgb.bmp", "exact"
                "rgb.tif", "exact"
                "rgb.jpg", "levels"
                "exif_rotated.jpg", "levels"
                "cmyk.jpg", "mean levels"
                "empty.png", "refused by name"
                "truncated.png", "refused by name"
                "not_an_image.png", "refused by name" ]
              (fun (file: string, measure: string) ->
                  let compared = results () |> List.filter (fun result -> result.File = $"files/{file}")
                  Expect.contains (compared |> List.map _.Measure) measure "measure of compared"

                  for result in compared do
                      Expect.isTrue result.Passed (string result)) ]
