module Falcon.Core.Tests.Imaging.ResizeParityTests

open Xunit
open Falcon.Core.Tests
open Falcon.Parity

let private results () = ResizeParity().Replay(Fixtures.require [ "parity"; "resize" ]) |> List.ofSeq

[<Fact>]
let ``resizing is equal to Pillow to the last bit`` () =
    let resized = results () |> List.filter (fun result -> result.File = "resize.safetensors")
    Assert.Equal(4 * 5 * 2, resized.Length)
    Assert.All(resized, (fun result -> Assert.Equal(0.0, result.Error)))

[<Theory>]
[<InlineData("rgb.png", "exact")>]
[<InlineData("gray.png", "exact")>]
[<InlineData("gray16.png", "exact")>]
[<InlineData("palette.png", "exact")>]
[<InlineData("rgba.png", "exact")>]
[<InlineData("rgb.bmp", "exact")>]
[<InlineData("rgb.tif", "exact")>]
[<InlineData("rgb.jpg", "levels")>]
[<InlineData("exif_rotated.jpg", "levels")>]
[<InlineData("cmyk.jpg", "mean levels")>]
[<InlineData("empty.png", "refused by name")>]
[<InlineData("truncated.png", "refused by name")>]
[<InlineData("not_an_image.png", "refused by name")>]
let ``a file of every kind holds the picture it should, or is refused`` (file: string) (measure: string) =
    let compared = results () |> List.filter (fun result -> result.File = $"files/{file}")
    Assert.Contains(measure, compared |> List.map _.Measure)
    Assert.All(compared, (fun result -> Assert.True(result.Passed, string result)))
