module Falcon.Core.Tests.DrawnData.PictureFamilyTests

open System
open Expecto
open Falcon.DrawnData
open Falcon.Randomness

let private draw (family: PictureFamily) number size = family.Draw(MasterSeed(5L).Stream("picture", $"{family.Name}/{number}"), size)

[<Tests>]
let tests =
    testList
        "Picture family"
        [ test "every family draws the same picture again from the same stream, and others from others" {
              for family in PictureFamily.All do
                  Expect.equal (draw family 0 48).Pixels (draw family 0 48).Pixels "pixels of draw family 0 48"
                  Expect.notEqual (draw family 1 48).Pixels (draw family 0 48).Pixels "pixels of draw family 1 48"
          }
          test "pictures of every family show something: hardly any is of one tone" {
              for family in PictureFamily.All do
                  let deviations =
                      [ for number in 0..11 do
                            let levels = [| for level in (draw family number 64).Pixels -> float level |]
                            let mean = Array.average levels
                            sqrt (levels |> Array.averageBy (fun level -> (level - mean) ** 2.0)) ]

                  let flat = deviations |> List.filter (fun deviation -> deviation < 3.0) |> List.length
                  Expect.isLessThanOrEqual flat 2 $"{family.Name}: {deviations}"
          }
          test "no family is a scene of the drawn data sets" {
              Expect.isEmpty
                  (Set.intersect (set [ for family in PictureFamily.All -> family.Name ]) (set [ for scene in Scene.All -> scene.Name ]))
                  "intersect family all name scene"

              Expect.equal (PictureFamily.All |> Seq.distinctBy _.Name |> Seq.length) PictureFamily.All.Count "all distinct by name"
          }
          test "a picture is at least 16 pixels wide" {
              Expect.throwsT<ArgumentOutOfRangeException> (fun () -> draw PictureFamily.All[0] 0 15 |> ignore) "draw all 0 is refused"
          } ]
