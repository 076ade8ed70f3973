module Falcon.Core.Tests.Imaging.ImageFileTests

open System
open System.IO
open System.Threading.Tasks
open FsCheck
open FsCheck.FSharp
open Expecto
open Falcon.Tests
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Imaging

let private fixture name = Fixtures.require [ "parity"; "resize"; "files"; name ]

let private refused (action: unit -> unit) = raised<ImageFileException> action

let private samplesOf (image: RasterImage) =
    [| for y in 0 .. image.Height - 1 -> [| for x in 0 .. image.Width - 1 -> pixel image x y |> List.map int |> Array.ofList |] |]

/// One small file of each kind.
let private kinds () =
    use folder = new Scratch.Folder()
    let image = smooth 40 30
    ImageFile.WritePng(folder.File "a.png", image)
    File.WriteAllBytes(folder.File "a.jpg", ImageFile.EncodeJpeg(image))

    [ "png", File.ReadAllBytes(folder.File "a.png")
      "jpeg", File.ReadAllBytes(folder.File "a.jpg")
      "bmp", File.ReadAllBytes(fixture "rgb.bmp")
      "tiff", Tiff.file Tiff.plain (samplesOf image)
      "cmyk", File.ReadAllBytes(fixture "cmyk.jpg")
      "palette", File.ReadAllBytes(fixture "palette.png") ]

[<Tests>]
let tests =
    testList
        "Image file"
        [ testPropertyWithConfig
              { pictures with maxTest = 80 }
              "a PNG file returns the pixels that were written"
              (forAll (Gen.elements [ 1; 3 ] |> Gen.bind (noiseUpTo 40)) (fun image ->
                  use folder = new Scratch.Folder()
                  let path = folder.File "ä picture, with % and spaces.png"
                  ImageFile.WritePng(path, image)
                  assertSame image (if image.Channels = 1 then ImageFile.ReadGray path else ImageFile.ReadRgb path)
                  Expect.equal (ImageFile.ReadShape path) (ImageShape(image.Width, image.Height, image.Channels)) "read shape path"))
          test "a JPEG file returns nearly the pixels that were written, the nearer the higher the quality" {
              use folder = new Scratch.Folder()
              let image = smooth 90 61

              let difference (quality: int) (picture: RasterImage) read =
                  File.WriteAllBytes(folder.File "a.jpg", ImageFile.EncodeJpeg(picture, quality))

                  Array.map2 (fun a b -> abs (float a - float b)) picture.Pixels (read (folder.File "a.jpg"): RasterImage).Pixels
                  |> Array.average

              Expect.isBetween (difference 100 image ImageFile.ReadRgb) 0.0 1.0 "difference 100 image read rgb"
              Expect.isBetween (difference 92 image ImageFile.ReadRgb) 0.0 2.0 "difference 92 image read rgb"
              Expect.isBetween (difference 100 (image.ToGray()) ImageFile.ReadGray) 0.0 0.5 "difference 100 image to gray read"

              Expect.isLessThan
                  (difference 100 image ImageFile.ReadRgb)
                  (difference 20 image ImageFile.ReadRgb)
                  "difference 100 image read rgb"
          }
          test "gray is the luma of the colours" {
              let colours = RasterImage(4, 1, 3, [| 255uy; 0uy; 0uy; 0uy; 255uy; 0uy; 0uy; 0uy; 255uy; 10uy; 20uy; 30uy |])
              Expect.equal (colours.ToGray().Pixels) [| 76uy; 150uy; 29uy; 18uy |] "colours to gray pixels"
          }
          testTheory
              "the size is read from the header, turned upright"
              [ "rgb.png", 53, 37, 3
                "gray.png", 53, 37, 1
                "gray16.png", 53, 37, 1
                "palette.png", 53, 37, 3
                "rgb.bmp", 53, 37, 3
                "rgb.tif", 53, 37, 3
                "rgb.jpg", 53, 37, 3
                "cmyk.jpg", 53, 37, 3
                "exif_rotated.jpg", 37, 53, 3 ]
              (fun (name: string, width: int, height: int, channels: int) ->
                  Expect.equal (ImageFile.ReadShape(fixture name)) (ImageShape(width, height, channels)) "read shape fixture name")
          test "the size is found behind a long comment" {
              let jpeg = kinds () |> List.find (fun (kind, _) -> kind = "jpeg") |> snd
              let comment = Array.concat [ [| 0xFFuy; 0xFEuy; 0xFFuy; 0xFFuy |]; Array.zeroCreate 0xFFFD ]
              use folder = new Scratch.Folder()
              File.WriteAllBytes(folder.File "long.jpg", Array.concat [ jpeg[..1]; comment; comment; jpeg[2..] ])
              Expect.equal (ImageFile.ReadShape(folder.File "long.jpg")) (ImageShape(40, 30, 3)) "read shape long.jpg"
          }
          testTheory
              "a broken file is named, with the reason"
              [ "empty.png", "the file is empty"; "not_an_image.png", "it is a text"; "truncated.png", "truncated" ]
              (fun (name: string, reason: string) ->
                  let path = fixture name
                  let finding = refused (fun () -> ImageFile.ReadRgb path |> ignore) |> _.Findings |> Seq.exactlyOne
                  Expect.stringEnds finding.Where name "where of finding"
                  Expect.stringContains finding.What reason "what of finding"
                  Expect.isNonEmpty finding.Fix "fix of finding")
          test "a missing file, a missing folder and a folder are named" {
              use folder = new Scratch.Folder()

              for path in [ folder.File "none.png"; folder.File "none/none.png"; folder.File "." ] do
                  Expect.equal (refused (fun () -> ImageFile.ReadRgb path |> ignore)).File path "refused"
                  Expect.equal (refused (fun () -> ImageFile.ReadShape path |> ignore)).File path "refused"
          }
          test "a file cut at any place is refused" {
              for kind, file in kinds () do
                  // What stands last: an end marker, the directory of this TIFF file, the last pixels of BMP.
                  for length in 0 .. max 1 (file.Length / 200) .. file.Length - 1 do
                      let cut = refused (fun () -> ImageFile.DecodeRgb(ReadOnlySpan(file, 0, length), kind) |> ignore)
                      Expect.equal cut.File kind "file of the refusal"
          }
          test "a file with wrong bytes is read or refused, and nothing else happens" {
              for kind, file in kinds () do
                  let damage = Gen.zip (Gen.choose (0, file.Length - 1)) (Gen.choose (0, 255)) |> Gen.listOfLength 3

                  let property damages =
                      for damage in damages do
                          let damaged = Array.copy file
                          // Mostly near the start, where the header is.
                          for place, value in damage do
                              damaged[if value % 2 = 0 then place % 64 else place] <- byte value

                          try
                              let image = ImageFile.DecodeRgb(damaged, kind)
                              Expect.equal image.Pixels.Length (image.Width * image.Height * 3) "number of image pixels"
                          with :? ImageFileException as refusal ->
                              Expect.equal refusal.File kind "refusal"

                  Check.One(
                      (Config.QuickThrowOnFailure.WithQuietOnSuccess true).WithMaxTest 40,
                      forAll (Gen.listOfLength 10 damage) property
                  )
          }
          test "a header that claims more than its file can hold costs no memory" {
              let jpeg = [| 0xFFuy; 0xD8uy; 0xFFuy; 0xC0uy; 0uy; 11uy; 8uy; 0x3Fuy; 0uy; 0x40uy; 0uy; 1uy; 1uy; 0x11uy; 0uy |]
              let bmp = File.ReadAllBytes(fixture "rgb.bmp")
              Array.blit [| 0uy; 0uy; 1uy; 0uy; 0uy; 0uy; 1uy; 0uy |] 0 bmp 18 8

              for file in [ Png.claim 16000 16000; Png.claim Int32.MaxValue Int32.MaxValue; Png.claim -1 -1; Png.claim 0 5; jpeg; bmp ] do
                  let before = GC.GetAllocatedBytesForCurrentThread()
                  let refusal = refused (fun () -> ImageFile.DecodeRgb(file, "a claim") |> ignore)
                  Expect.isBetween (GC.GetAllocatedBytesForCurrentThread() - before) 0L 1_000_000L "allocated bytes before"
                  Expect.stringContains refusal.Message "size" "message of refusal"
                  Expect.equal refusal.File "a claim" "refusal"
          }
          test "a JPEG file whose preview ends is still cut off when its picture does not" {
              let jpeg = kinds () |> List.find (fun (kind, _) -> kind = "jpeg") |> snd
              let preview = Array.append [| 0xFFuy; 0xE2uy; 0uy; 8uy; 0uy; 0uy |] [| 0xFFuy; 0xD8uy; 0xFFuy; 0xD9uy |]
              let whole = Array.concat [ jpeg[..1]; preview; jpeg[2..] ]
              assertSame (ImageFile.DecodeRgb(jpeg, "a")) (ImageFile.DecodeRgb(whole, "b"))
              let cut = whole[.. whole.Length - 20]
              Expect.stringContains (refused (fun () -> ImageFile.DecodeRgb(cut, "cut") |> ignore)).Message "truncated" "message of refused"
          }
          test "writing an image does not change it" {
              use folder = new Scratch.Folder()
              let image = smooth 20 10
              ImageFile.WritePng(folder.File "a.png", image)
              File.WriteAllBytes(folder.File "a.jpg", ImageFile.EncodeJpeg(image))
              assertSame (smooth 20 10) image
          }
          test "many threads read at once what one thread reads" {
              let files = kinds ()
              let expected = files |> List.map (fun (kind, file) -> ImageFile.DecodeRgb(file, kind))

              Parallel.For(
                  0,
                  64,
                  fun _ ->
                      List.iter2 (fun (kind, file: byte array) image -> assertSame image (ImageFile.DecodeRgb(file, kind))) files expected
              )
              |> ignore
          }
          test "the listed extensions are lower case, with the dot" {
              for extension in ImageFile.Extensions do
                  Expect.isMatch extension "^\\.[a-z]+$" "extension"
          }
          test "the decoders are named with their released versions" {
              Expect.isMatch
                  ImageFile.DecoderVersion
                  "^SkiaSharp \\d+\\.\\d+\\.\\d+, ImageSharp \\d+\\.\\d+\\.\\d+$"
                  "decoder version of image file"

              Expect.isTrue (obj.ReferenceEquals(ImageFile.DecoderVersion, ImageFile.DecoderVersion)) "obj reference equals decoder version"
          } ]
