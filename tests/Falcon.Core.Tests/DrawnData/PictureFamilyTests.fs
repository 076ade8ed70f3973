module Falcon.Core.Tests.DrawnData.PictureFamilyTests

open System
open Xunit
open Falcon.DrawnData
open Falcon.Randomness

let private draw (family: PictureFamily) number size = family.Draw(MasterSeed(5L).Stream("picture", $"{family.Name}/{number}"), size)

[<Fact>]
let ``every family draws the same picture again from the same stream, and others from others`` () =
    for family in PictureFamily.All do
        Assert.Equal<byte[]>((draw family 0 48).Pixels, (draw family 0 48).Pixels)
        Assert.NotEqual<byte[]>((draw family 0 48).Pixels, (draw family 1 48).Pixels)

[<Fact>]
let ``pictures of every family show something: hardly any is of one tone`` () =
    for family in PictureFamily.All do
        let deviations =
            [ for number in 0..11 do
                  let levels = [| for level in (draw family number 64).Pixels -> float level |]
                  let mean = Array.average levels
                  sqrt (levels |> Array.averageBy (fun level -> (level - mean) ** 2.0)) ]

        let flat = deviations |> List.filter (fun deviation -> deviation < 3.0) |> List.length
        Assert.True(flat <= 2, $"{family.Name}: {deviations}")

[<Fact>]
let ``no family is a scene of the drawn data sets`` () =
    Assert.Empty(Set.intersect (set [ for family in PictureFamily.All -> family.Name ]) (set [ for scene in Scene.All -> scene.Name ]))
    Assert.Equal(PictureFamily.All.Count, PictureFamily.All |> Seq.distinctBy _.Name |> Seq.length)

[<Fact>]
let ``a picture is at least 16 pixels wide`` () =
    Assert.Throws<ArgumentOutOfRangeException>(fun () -> draw PictureFamily.All[0] 0 15 |> ignore) |> ignore
