module Falcon.Core.Tests.Imaging.ImageFileTests

open System
open System.IO
open System.Threading.Tasks
open FsCheck.FSharp
open Xunit
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Imaging

let private fixture name = Fixtures.require [ "parity"; "resize"; "files"; name ]
let private refused (action: unit -> unit) = Assert.Throws<ImageFileException> action

let private samplesOf (image: RasterImage) =
    [| for y in 0 .. image.Height - 1 -> [| for x in 0 .. image.Width - 1 -> pixel image x y |> List.map int |> Array.ofList |] |]

/// One small file of each kind.
let private kinds () =
    use folder = new Scratch.Folder()
    let image = smooth 40 30
    ImageFile.WritePng(folder.File "a.png", image)
    ImageFile.WriteJpeg(folder.File "a.jpg", image)

    [ "png", File.ReadAllBytes(folder.File "a.png")
      "jpeg", File.ReadAllBytes(folder.File "a.jpg")
      "bmp", File.ReadAllBytes(fixture "rgb.bmp")
      "tiff", Tiff.file Tiff.plain (samplesOf image)
      "cmyk", File.ReadAllBytes(fixture "cmyk.jpg")
      "palette", File.ReadAllBytes(fixture "palette.png") ]

[<Fact>]
let ``a PNG file returns the pixels that were written`` () =
    use folder = new Scratch.Folder()
    let path = folder.File "ä picture, with % and spaces.png"

    for channels in [ 1; 3 ] do
        forAll (noiseUpTo 40 channels) (fun image ->
            ImageFile.WritePng(path, image)
            assertSame image (if channels = 1 then ImageFile.ReadGray path else ImageFile.ReadRgb path)
            Assert.Equal((image.Width, image.Height, channels), ImageFile.ReadSize path |> fun struct (w, h, c) -> w, h, c))

[<Fact>]
let ``a JPEG file returns nearly the pixels that were written, the nearer the higher the quality`` () =
    use folder = new Scratch.Folder()
    let image = smooth 90 61

    let difference (quality: int) (picture: RasterImage) read =
        ImageFile.WriteJpeg(folder.File "a.jpg", picture, quality)

        Array.map2 (fun a b -> abs (float a - float b)) picture.Pixels (read (folder.File "a.jpg"): RasterImage).Pixels
        |> Array.average

    Assert.InRange(difference 100 image ImageFile.ReadRgb, 0.0, 1.0)
    Assert.InRange(difference 92 image ImageFile.ReadRgb, 0.0, 2.0)
    Assert.InRange(difference 100 (image.ToGray()) ImageFile.ReadGray, 0.0, 0.5)
    Assert.True(difference 100 image ImageFile.ReadRgb < difference 20 image ImageFile.ReadRgb)

[<Fact>]
let ``gray is the luma of the colours`` () =
    let colours = RasterImage(4, 1, 3, [| 255uy; 0uy; 0uy; 0uy; 255uy; 0uy; 0uy; 0uy; 255uy; 10uy; 20uy; 30uy |])
    Assert.Equal<byte array>([| 76uy; 150uy; 29uy; 18uy |], colours.ToGray().Pixels)

[<Theory>]
[<InlineData("rgb.png", 53, 37, 3)>]
[<InlineData("gray.png", 53, 37, 1)>]
[<InlineData("gray16.png", 53, 37, 1)>]
[<InlineData("palette.png", 53, 37, 3)>]
[<InlineData("rgb.bmp", 53, 37, 3)>]
[<InlineData("rgb.tif", 53, 37, 3)>]
[<InlineData("rgb.jpg", 53, 37, 3)>]
[<InlineData("cmyk.jpg", 53, 37, 3)>]
[<InlineData("exif_rotated.jpg", 37, 53, 3)>]
let ``the size is read from the header, turned upright`` (name: string) (width: int) (height: int) (channels: int) =
    Assert.Equal(struct (width, height, channels), ImageFile.ReadSize(fixture name))

[<Fact>]
let ``the size is found behind a long comment`` () =
    let jpeg = kinds () |> List.find (fun (kind, _) -> kind = "jpeg") |> snd
    let comment = Array.concat [ [| 0xFFuy; 0xFEuy; 0xFFuy; 0xFFuy |]; Array.zeroCreate 0xFFFD ]
    use folder = new Scratch.Folder()
    File.WriteAllBytes(folder.File "long.jpg", Array.concat [ jpeg[..1]; comment; comment; jpeg[2..] ])
    Assert.Equal(struct (40, 30, 3), ImageFile.ReadSize(folder.File "long.jpg"))

[<Theory>]
[<InlineData("empty.png", "the file is empty")>]
[<InlineData("not_an_image.png", "it is not a PNG, JPEG, BMP or TIFF image")>]
[<InlineData("truncated.png", "truncated")>]
let ``a broken file is named, with the reason`` (name: string) (reason: string) =
    let finding = refused (fun () -> ImageFile.ReadRgb(fixture name) |> ignore) |> _.Findings |> Assert.Single
    Assert.EndsWith(name, finding.Where)
    Assert.Contains(reason, finding.What)
    Assert.NotEmpty finding.Fix

[<Fact>]
let ``a missing file, a missing folder and a folder are named`` () =
    use folder = new Scratch.Folder()

    for path in [ folder.File "none.png"; folder.File "none/none.png"; folder.File "." ] do
        Assert.Equal(path, (refused (fun () -> ImageFile.ReadRgb path |> ignore)).File)
        Assert.Equal(path, (refused (fun () -> ImageFile.ReadSize path |> ignore)).File)

[<Fact>]
let ``a file cut at any place is refused`` () =
    for kind, file in kinds () do
        // What stands last: an end marker, the directory of this TIFF file, the last pixels of BMP.
        for length in 0 .. max 1 (file.Length / 200) .. file.Length - 1 do
            let cut = refused (fun () -> ImageFile.DecodeRgb(ReadOnlySpan(file, 0, length), kind) |> ignore)
            Assert.Equal(kind, cut.File)

[<Fact>]
let ``a file with wrong bytes is read or refused, and nothing else happens`` () =
    for kind, file in kinds () do
        let damage = Gen.zip (Gen.choose (0, file.Length - 1)) (Gen.choose (0, 255)) |> Gen.listOfLength 3

        forAll (Gen.listOfLength 10 damage) (fun damages ->
            for damage in damages do
                let damaged = Array.copy file
                // Mostly near the start, where the header is.
                for place, value in damage do
                    damaged[if value % 2 = 0 then place % 64 else place] <- byte value

                try
                    let image = ImageFile.DecodeRgb(damaged, kind)
                    Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length)
                with :? ImageFileException as refusal ->
                    Assert.Equal(kind, refusal.File))

[<Fact>]
let ``a header that claims more than its file can hold costs no memory`` () =
    let jpeg = [| 0xFFuy; 0xD8uy; 0xFFuy; 0xC0uy; 0uy; 11uy; 8uy; 0x3Fuy; 0uy; 0x40uy; 0uy; 1uy; 1uy; 0x11uy; 0uy |]
    let bmp = File.ReadAllBytes(fixture "rgb.bmp")
    Array.blit [| 0uy; 0uy; 1uy; 0uy; 0uy; 0uy; 1uy; 0uy |] 0 bmp 18 8

    for file in [ Png.claim 16000 16000; Png.claim Int32.MaxValue Int32.MaxValue; Png.claim -1 -1; Png.claim 0 5; jpeg; bmp ] do
        let before = GC.GetAllocatedBytesForCurrentThread()
        let refusal = refused (fun () -> ImageFile.DecodeRgb(file, "a claim") |> ignore)
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0L, 1_000_000L)
        Assert.Contains("size", refusal.Message)
        Assert.Equal("a claim", refusal.File)

[<Fact>]
let ``a JPEG file whose preview ends is still cut off when its picture does not`` () =
    let jpeg = kinds () |> List.find (fun (kind, _) -> kind = "jpeg") |> snd
    let preview = Array.append [| 0xFFuy; 0xE2uy; 0uy; 8uy; 0uy; 0uy |] [| 0xFFuy; 0xD8uy; 0xFFuy; 0xD9uy |]
    let whole = Array.concat [ jpeg[..1]; preview; jpeg[2..] ]
    assertSame (ImageFile.DecodeRgb(jpeg, "a")) (ImageFile.DecodeRgb(whole, "b"))
    let cut = whole[.. whole.Length - 20]
    Assert.Contains("truncated", (refused (fun () -> ImageFile.DecodeRgb(cut, "cut") |> ignore)).Message)

[<Fact>]
let ``writing an image does not change it`` () =
    use folder = new Scratch.Folder()
    let image = smooth 20 10
    ImageFile.WritePng(folder.File "a.png", image)
    ImageFile.WriteJpeg(folder.File "a.jpg", image)
    assertSame (smooth 20 10) image

[<Fact>]
let ``many threads read at once what one thread reads`` () =
    let files = kinds ()
    let expected = files |> List.map (fun (kind, file) -> ImageFile.DecodeRgb(file, kind))

    Parallel.For(
        0,
        64,
        fun _ -> List.iter2 (fun (kind, file: byte array) image -> assertSame image (ImageFile.DecodeRgb(file, kind))) files expected
    )
    |> ignore

[<Fact>]
let ``the listed extensions are lower case, with the dot`` () =
    Assert.All(ImageFile.Extensions, (fun extension -> Assert.Matches("^\\.[a-z]+$", extension)))
