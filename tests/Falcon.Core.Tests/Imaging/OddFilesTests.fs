/// Image files that are not what they seem.
module Falcon.Core.Tests.Imaging.OddFilesTests

open System
open System.IO
open Expecto
open Falcon.Tests
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Data
open Falcon.Imaging

let private decode (file: byte array) = ImageFile.DecodeRgb(file, "the file")

let private refusal (file: byte array) = raised<ImageFileException>(fun () -> decode file |> ignore) |> _.Findings |> Seq.exactlyOne

let private png (image: RasterImage) =
    use folder = new Scratch.Folder()
    ImageFile.WritePng(folder.File "a.png", image)
    File.ReadAllBytes(folder.File "a.png")

/// What an EXIF block holds behind its name.
let private exif (orientation: int) =
    Array.concat
        [ "MM\000\042\000\000\000\008\000\001\001\018\000\003\000\000\000\001\000"B
          [| byte orientation; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy |] ]

let private endOfImage = [| 0xFFuy; 0xD9uy |]

let private jpegs () =
    [ "colours", ImageFile.EncodeJpeg(smooth 200 150)
      "gray", ImageFile.EncodeJpeg((smooth 120 90).ToGray(), 98)
      "progressive", Jpeg.progressive
      "restarting", Jpeg.restarting ]

let private gif frames =
    Array.concat
        [ "GIF89a"B
          [| 1uy; 0uy; 1uy; 0uy; 128uy; 0uy; 0uy; 255uy; 255uy; 255uy; 0uy; 0uy; 0uy |]
          yield! List.replicate frames [| 44uy; 0uy; 0uy; 0uy; 0uy; 1uy; 0uy; 1uy; 0uy; 0uy; 2uy; 2uy; 68uy; 1uy; 0uy |]
          [| 59uy |] ]

let private webp frames =
    let chunk (name: string) (content: byte array) =
        Array.concat [ Text.Encoding.ASCII.GetBytes name; BitConverter.GetBytes content.Length; content ]

    let body =
        Array.concat
            [ "WEBP"B
              chunk "VP8X" [| 2uy; 0uy; 0uy; 0uy; 9uy; 0uy; 0uy; 9uy; 0uy; 0uy |]
              yield! List.replicate frames (chunk "ANMF" (Array.zeroCreate 16)) ]

    Array.concat [ "RIFF"B; BitConverter.GetBytes body.Length; body ]

/// The file with its directory once more, as that of a further page or, with another first field, of a preview.
let private twoPages isPreview (file: byte array) =
    let start = BitConverter.ToInt32(file, 4)
    let second = Array.copy file[start..]

    if isPreview then
        Array.blit [| 254uy; 0uy; 3uy; 0uy; 1uy; 0uy; 0uy; 0uy; 1uy; 0uy |] 0 second 2 10

    Array.concat [ file[.. file.Length - 5]; BitConverter.GetBytes file.Length; second ]

let private tiff () = Tiff.file Tiff.plain [| for y in 0..7 -> [| for x in 0..11 -> [| 20 * x; 30 * y; 100 |] |] |]

[<Tests>]
let tests =
    testList
        "Odd image files"
        [ test "a JPEG file whose pixels end early is refused, also with a proper end behind them" {
              for kind, file in jpegs () do
                  let start = Jpeg.scanOf file
                  decode file |> ignore

                  for share in [ 0.1; 0.3; 0.5; 0.7; 0.9 ] do
                      let place = start + int (share * float (file.Length - start))
                      let cut = file[.. place - 1]
                      let zeros = Array.zeroCreate (file.Length - place - 2)
                      Expect.stringContains (refusal cut).What "truncated" $"{kind} cut at {share}"

                      for damaged in [ Array.append cut endOfImage; Array.concat [ cut; zeros; endOfImage ] ] do
                          Expect.isMatch (refusal damaged).What "compressed pixels|truncated|header" $"{kind} damaged at {share}"
          }
          test "a JPEG file that holds something else in the middle is refused" {
              for kind, file in jpegs () |> List.filter (fun (_, file) -> file.Length > 2000) do
                  let start = Jpeg.scanOf file
                  let noise = Array.init 300 (fun i -> byte ((i * 7919 + 13) % 255))

                  for share in [ 0.2; 0.4; 0.6 ] do
                      let damaged = Array.copy file
                      Array.blit noise 0 damaged (start + int (share * float (file.Length - start))) noise.Length
                      Expect.stringContains (refusal damaged).What "compressed pixels" $"{kind} at {share}"
          }
          test "a JPEG file whose restart markers are lost or in another order is refused" {
              let file = Jpeg.restarting
              let start = Jpeg.scanOf file
              let first = start + Array.FindIndex(file[start..], (fun value -> value = 0xFFuy))
              let changed = Array.copy file
              changed[first + 1] <- 0xD5uy
              Expect.stringContains (refusal changed).What "compressed pixels" "another marker"
              Expect.stringContains (refusal (Array.append file[.. first - 1] file[first + 2 ..])).What "compressed pixels" "no marker"
          }
          test "what stands behind a JPEG photo, or fills its last bytes up, says nothing against it" {
              for _, file in jpegs () do
                  let image = decode file
                  assertSame image (decode (Array.append file (Array.create 500 7uy)))
                  assertSame image (decode (Array.concat [ file[.. file.Length - 3]; Array.zeroCreate 8; endOfImage ]))
          }
          test "of the pictures in a JPEG file, as phones and stereo cameras write them (MPO), the first is read, and its damage found" {
              let index = Array.append [| 0xFFuy; 0xE2uy; 0uy; 32uy |] (Array.append "MPF\000MM\000\042"B (Array.zeroCreate 22))
              let second = Jpeg.withOrientation 6 (ImageFile.EncodeJpeg(smooth 90 70))

              for kind, first in jpegs () do
                  let indexed = Array.concat [ first[..1]; index; first[2..] ]

                  for between in [ 0; 5 ] do
                      let file = Array.concat [ indexed; Array.zeroCreate between; second ]
                      assertSame (decode first) (decode file)
                      assertSame (decode first) (decode file[.. file.Length - 300])

                  let place = Jpeg.scanOf indexed + (indexed.Length - Jpeg.scanOf indexed) / 2
                  Expect.isMatch (refusal (Array.append indexed[.. place - 1] second)).What "compressed pixels|truncated|header" kind
          }
          test "a PNG file with a wrong check sum, or with an end that is missing, is refused" {
              let file = png (smooth 60 40)
              let damaged = Array.copy file
              damaged[file.Length / 2] <- damaged[file.Length / 2] ^^^ 0x10uy
              Expect.stringContains (refusal damaged).What "check sum" "damaged"
              Expect.stringContains (refusal file[.. file.Length - 13]).What "truncated" "without its end"
          }
          testTheory
              "a file of several pictures is refused with their number"
              [ "gif", "3 frames"; "webp", "2 frames"; "png", "4 frames"; "tiff", "2 pages" ]
              (fun (kind: string, number: string) ->
                  let file =
                      match kind with
                      | "gif" -> gif 3
                      | "webp" -> webp 2
                      | "png" -> png (smooth 9 9) |> Png.withChunk "acTL" [| 0uy; 0uy; 0uy; 4uy; 0uy; 0uy; 0uy; 0uy |] false
                      | _ -> twoPages false (tiff ())

                  let finding = refusal file
                  Expect.stringContains finding.What number "what of finding"
                  Expect.stringContains finding.Fix "a file of its own" "fix of finding")
          test "one frame and a preview beside the picture are one picture" {
              Expect.equal (decode (gif 1)).Pixels.Length 3 "pixels of a GIF file"
              assertSame (decode (tiff ())) (decode (twoPages true (tiff ())))
          }
          testTheory "the orientation is found wherever it is stored" [ 1; 3; 6; 8 ] (fun (orientation: int) ->
              let image = smooth 60 40

              let xmp =
                  Text.Encoding.ASCII.GetBytes $"XML:com.adobe.xmp\000\000\000\000\000<tiff:Orientation>{orientation}</tiff:Orientation>"

              let digits = Convert.ToHexString(exif orientation)
              let profile = Text.Encoding.ASCII.GetBytes $"Raw profile type exif\000\nexif\n      {digits.Length / 2}\n{digits}\n"
              let jpeg = ImageFile.EncodeJpeg(image, 100)
              let upright = decode (Jpeg.withOrientation orientation jpeg)
              Expect.equal (upright.Width > upright.Height) (orientation < 5) "turned"
              assertSame upright (decode (Jpeg.withXmp orientation jpeg))
              let chunked = decode (Png.withChunk "eXIf" (exif orientation) false (png image))

              for file in
                  [ Png.withChunk "eXIf" (exif orientation) true (png image)
                    Png.withChunk "iTXt" xmp false (png image)
                    Png.withChunk "tEXt" profile false (png image) ] do
                  assertSame chunked (decode file)

              Expect.isLessThan (largestDifference upright chunked) 8 "difference of JPEG and PNG")
          test "the size of a large PNG file is told upright when its end says how it is turned" {
              use folder = new Scratch.Folder()
              let path = folder.File "a.png"
              let speckled = RasterImage(300, 200, 3, Array.init 180000 (let random = Random 3 in fun _ -> byte (random.Next 256)))
              File.WriteAllBytes(path, Png.withChunk "eXIf" (exif 6) true (png speckled))
              Expect.isGreaterThan (FileInfo(path).Length) 65536L "length of the file"
              Expect.equal (ImageFile.ReadShape path) (ImageShape(200, 300, 3)) "shape"
          }
          test "what a file is its content says, and what is not read is named" {
              use folder = new Scratch.Folder()
              let image = smooth 20 10
              ImageFile.WritePng(folder.File "a.jpg", image)
              assertSame image (ImageFile.ReadRgb(folder.File "a.jpg"))

              for content, kind in
                  [ "<!DOCTYPE html><html>404</html>", "a web page"
                    "\000\000\000\024ftypheic\000\000\000\000mif1heic", "a HEIC image"
                    "\000\000\000\024ftypavif\000\000\000\000mif1avif", "an AVIF image"
                    "%PDF-1.7", "a PDF document" ] do
                  Expect.stringContains (refusal (Text.Encoding.Latin1.GetBytes content)).What kind kind

              Expect.stringContains (refusal ("version https://git-lfs.github.com/spec/v1"B)).Fix "git lfs pull" "fix of a pointer"
          }
          test "a BigTIFF file whose numbers overflow is truncated" {
              let file (start: int64) (count: int64) (place: int64) =
                  let number (value: int64) = BitConverter.GetBytes value

                  Array.concat
                      [ "II"B
                        [| 43uy; 0uy; 8uy; 0uy; 0uy; 0uy |]
                        number start
                        number count
                        // Its width: so many numbers of 64 bits at a place.
                        [| 0uy; 1uy; 16uy; 0uy |]
                        number 2L
                        number place
                        Array.zeroCreate 64 ]

              for start, count, place in
                  [ Int64.MaxValue - 3L, 1L, 40L; 16L, Int64.MaxValue / 4L, 40L; 16L, 1L, Int64.MaxValue - 3L; 16L, 1L, -8L ] do
                  Expect.stringContains (refusal (file start count place)).What "truncated" $"{start} {count} {place}"
          }
          test "a WebP file whose canvas is not that of its picture is refused" {
              Expect.stringContains (refusal (webp 1)).What "without a picture" "an animation of nothing"
          }
          test "more pixels than are read are to be reduced or cut into tiles" {
              for file in [ Png.claim 60000 60000; Png.claim 20000 20000 ] do
                  let finding = refusal file
                  Expect.stringContains finding.What "megapixels" "what of finding"
                  Expect.isMatch finding.Fix "[Rr]educe.*tiles" "fix of finding"
          }
          testTheory
              "photos of 16 bits are scaled by what is white, others stay as they are, and without it all do"
              [ "gray png"; "colour png"; "gray tiff"; "colour tiff" ]
              (fun (kind: string) ->
                  use folder = new Scratch.Folder()
                  let values = [| for y in 0..9 -> [| for x in 0..15 -> 4095 * (16 * y + x) / 159 |] |]

                  let deep =
                      match kind with
                      | "gray png" -> Png.deep 0 [| for row in values -> [| for value in row -> [| value |] |] |]
                      | "colour png" -> Png.deep 2 [| for row in values -> [| for value in row -> [| value; 0; 4095 - value |] |] |]
                      | "gray tiff" ->
                          Tiff.file
                              { Tiff.plain with Bits = 16; Photometric = 1 }
                              [| for row in values -> [| for value in row -> [| value |] |] |]
                      | _ ->
                          Tiff.file
                              { Tiff.plain with Bits = 16 }
                              [| for row in values -> [| for value in row -> [| value; 0; 4095 - value |] |] |]

                  File.WriteAllBytes(folder.File "deep.png", deep)
                  ImageFile.WritePng(folder.File "plain.png", smooth 20 10)
                  let read (preprocessing: Preprocessing) name = preprocessing.ReadWhole(ImageItem(folder.File name, name, "good", false))
                  let absent, given = Preprocessing(8, 8), Preprocessing(8, 8, WhiteLevel = Nullable 4095)
                  let red (image: RasterImage) = [ for i in 0..159 -> int image.Pixels[3 * i] ]
                  Expect.equal (red (read absent "deep.png")) [ for value in Seq.concat values -> value / 256 ] "upper bytes"
                  Expect.equal (red (read given "deep.png")) [ for value in Seq.concat values -> (255 * value + 2047) / 4095 ] "scaled"
                  assertSame (smooth 20 10) (read given "plain.png")
                  Expect.equal (ImageFile.HighestOf16Bits(deep, "a")) (Nullable 4095) "highest value"
                  Expect.equal (ImageFile.HighestOf16Bits(png (smooth 9 9), "a")) (Nullable()) "highest value of 8 bits"
                  let clipped = Preprocessing(8, 8, WhiteLevel = Nullable 1023)
                  Expect.equal (List.last (red (read clipped "deep.png"))) 255 "what is above white is white") ]
