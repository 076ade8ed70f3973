module Falcon.Core.Tests.Detection.DoubtfulPhotosTests

open Expecto
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Randomness

/// A fine pattern under noise, seen through a lens that averages so many pixels, with so much light.
let private photo (scratch: Scratch.Folder) name blur light =
    let random = MasterSeed(3L).Stream("photo", name)

    let pattern =
        Array.init (64 * 64) (fun i -> float ((i % 64 / 4 + i / 256) % 2) * 80.0 + 60.0 + float (random.NextInt(0, 12)))

    let seen i =
        let x, y = i % 64, i / 64

        Seq.average
            [ for dy in -blur .. blur do
                  for dx in -blur .. blur -> pattern[(y + dy + 64) % 64 * 64 + (x + dx + 64) % 64] ]

    ImageFile.WritePng(scratch.File name, RasterImage(64, 64, 1, Array.init (64 * 64) (fun i -> byte (min 255.0 (light * seen i)))))
    ImageItem(scratch.File name, name, "good", false)

let private alike scratch count = [| for i in 1..count -> photo scratch $"{i}.png" 0 1.0 |]

let private found photos (heldOut: HeldOutScores | null) =
    [ for doubt in DoubtfulPhotos.Find(photos, heldOut, Preprocessing.To 64) -> doubt.Where, doubt.What ]

let private scores way values = HeldOutScores(way, values, values)

[<Tests>]
let tests =
    testList
        "Doubtful photos"
        [ test "the photo whose held-out score is far from the others is named with its distance" {
              use scratch = new Scratch.Folder()
              let photos = alike scratch 5

              Expect.equal
                  (found photos (scores CalibrationWay.LeaveOneOut [| 1.0; 3.0; 2.0; 9.0; 2.0 |]))
                  [ "4.png", "differs from the others: 8.6 times their spread" ]
                  "doubts"
          }
          test "scores of photos that the model has seen say nothing, nor do fewer than four photos" {
              use scratch = new Scratch.Folder()
              let photos = alike scratch 5
              Expect.isEmpty (found photos (scores CalibrationWay.None [| 1.0; 3.0; 2.0; 90.0; 2.0 |])) "none"
              Expect.isEmpty (found photos (scores CalibrationWay.Views (Array.replicate 20 90.0))) "views"
              Expect.isEmpty (found photos null) "no scores"
              Expect.isEmpty (found (Array.take 3 photos) (scores CalibrationWay.LeaveOneOut [| 1.0; 2.0; 90.0 |])) "three"
          }
          test "photos that were taken alike are not named" {
              use scratch = new Scratch.Folder()
              Expect.isEmpty (found (alike scratch 6) (scores CalibrationWay.Folds [| 1.0; 1.4; 1.2; 1.1; 1.3; 1.2 |])) "doubts"
          }
          test "a photo out of focus, a dark one and a light one are named" {
              use scratch = new Scratch.Folder()

              for blur, light, what in
                  [ 2, 1.0, "is less sharp than the others"
                    0, 0.5, "is darker than the others"
                    0, 1.6, "is lighter than the others" ] do
                  let odd = photo scratch "odd.png" blur light

                  match found (Array.append (alike scratch 5) [| odd |]) null |> List.filter (fun (_, said) -> said.StartsWith what) with
                  | [ name, _ ] -> Expect.equal name "odd.png" what
                  | doubts -> failtest $"{what}: {doubts}"
          }
          test "a photo that occurs twice counts once" {
              use scratch = new Scratch.Folder()
              let photos = alike scratch 4
              let doubts = found (Array.append photos photos) (scores CalibrationWay.LeaveOneOut [| 1.0; 1.1; 50.0; 1.2 |])
              Expect.equal (List.map fst doubts) [ "3.png" ] "doubts"
          } ]
