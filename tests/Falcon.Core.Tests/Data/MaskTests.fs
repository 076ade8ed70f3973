/// How masks are read, whatever they were drawn with.
module Falcon.Core.Tests.Data.MaskTests

open System
open System.IO
open Expecto
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Data
open Falcon.Imaging
open Falcon.Protocol

let private width, height = 24, 16

/// Two areas and a background: columns 2 to 7, columns 12 to 17, and the rest.
let private areas (first: 'A) (second: 'A) (background: 'A) =
    [| for y in 0 .. height - 1 ->
           [| for x in 0 .. width - 1 ->
                  if y < 3 || y > 12 then background
                  elif x >= 2 && x <= 7 then first
                  elif x >= 12 && x <= 17 then second
                  else background |] |]

let private bytes (image: byte array array array) = RasterImage(width, height, 3, image |> Array.concat |> Array.concat)

let private colours first second background = areas first second background |> Array.map (Array.map Array.ofList) |> bytes

let private grays (first: byte) (second: byte) (background: byte) =
    RasterImage(width, height, 1, areas first second background |> Array.concat)

let private whole = areas 1uy 1uy 0uy |> Array.concat

let private read (threshold: MaskThreshold | null) (file: byte array) =
    use folder = new Scratch.Folder()
    File.WriteAllBytes(folder.File "mask.png", file)
    (DefectMask.Read(folder.File "mask.png", threshold)).Pixels

let private png (image: RasterImage) =
    use folder = new Scratch.Folder()
    ImageFile.WritePng(folder.File "a.png", image)
    File.ReadAllBytes(folder.File "a.png")

let private red, green, blue, yellow, black =
    [ 255uy; 0uy; 0uy ], [ 0uy; 255uy; 0uy ], [ 0uy; 0uy; 255uy ], [ 255uy; 255uy; 0uy ], [ 0uy; 0uy; 0uy ]

let private deep (value: int) (second: int) = Png.deep 0 (areas [| value |] [| second |] [| 0 |])

let private withAlpha first second background = Png.withAlpha (areas first second background)

/// What is said of a category whose only defect has this mask.
let private warnings (file: byte array) =
    use folder = new Scratch.Folder()
    let gear = folder.File "gear"
    writeImages gear [ "train/good/1.png" ]
    writeImage width height $"{gear}/test/dent/1.png"
    Directory.CreateDirectory $"{gear}/ground_truth/dent" |> ignore
    File.WriteAllBytes($"{gear}/ground_truth/dent/1_mask.png", file)
    let category = (DataFolder.Detect gear).Open "gear"
    [ for warning in (DataCheck.Find(category, DataNeeds 1)).Warnings -> warning.What ]

[<Tests>]
let tests =
    testList
        "Masks"
        [ testTheory
              "everything that is not black is defect, whatever it is drawn with"
              [ "two levels", png (grays 50uy 255uy 0uy)
                "small class numbers", png (grays 1uy 2uy 0uy)
                "red and green", png (colours red green black)
                "blue and yellow", png (colours blue yellow black)
                "dark and light red", png (colours [ 128uy; 0uy; 0uy ] [ 64uy; 0uy; 0uy ] black)
                "16 bits", deep 65535 65535
                "8 bits in 16", deep 255 255
                "class numbers in 16 bits", deep 1 2
                "two levels in 16 bits", deep 300 65535
                "alpha alone", withAlpha [| 0uy; 0uy; 0uy; 255uy |] [| 0uy; 0uy; 0uy; 200uy |] [| 0uy; 0uy; 0uy; 0uy |]
                "white on nothing",
                withAlpha [| 255uy; 255uy; 255uy; 255uy |] [| 255uy; 255uy; 255uy; 255uy |] [| 255uy; 255uy; 255uy; 0uy |]
                "white and black on white nothing",
                Png.withAlpha (
                    areas [| 255uy; 255uy; 255uy; 255uy |] [| 255uy; 255uy; 255uy; 255uy |] [| 255uy; 255uy; 255uy; 0uy |]
                    |> Array.mapi (fun y row -> if y = 0 then row |> Array.map (fun _ -> [| 0uy; 0uy; 0uy; 255uy |]) else row)
                )
                "opaque", withAlpha [| 255uy; 255uy; 255uy; 255uy |] [| 255uy; 255uy; 255uy; 255uy |] [| 0uy; 0uy; 0uy; 255uy |] ]
              (fun (kind: string, file: byte array) -> Expect.equal (read null file) whole kind)
          test "smoothed edges and the noise of JPEG stay what they were" {
              let smoothed = grays 255uy 255uy 0uy
              // Edges of several values, one pixel wide.
              for y in 3..12 do
                  smoothed.Pixels[y * width + 1] <- byte (40 + 7 * y)
                  smoothed.Pixels[y * width + 8] <- byte (200 - 7 * y)
                  smoothed.Pixels[y * width + 18] <- byte (20 + 3 * y)

              let above = smoothed.Pixels |> Array.map (fun value -> if value > 127uy then 1uy else 0uy)
              Expect.equal (read null (png smoothed)) above "smoothed"
              Expect.isEmpty (warnings (png smoothed)) "warnings of smoothed"

              for quality in [ 30; 60; 90 ] do
                  let jpeg = ImageFile.EncodeJpeg(grays 255uy 255uy 0uy, quality)
                  let gray = ImageFile.DecodeRgb(jpeg, "a").ToGray().Pixels |> Array.map (fun value -> if value > 127uy then 1uy else 0uy)
                  Expect.equal (read null jpeg) gray $"quality {quality}"
                  Expect.isEmpty (warnings jpeg) $"warnings of quality {quality}"
          }
          testTheory
              "gray areas of a compressed mask count, the noise around them does not, and several levels are said"
              [ "one", [ 100uy ], 10
                "one that is nearly half of white", [ 128uy ], 10
                "a small one", [ 90uy ], 5
                "beside white", [ 80uy; 255uy ], 10 ]
              (fun (kind: string, levels: byte list, radius: int) ->
                  let mask = RasterImage(96, 64, 1)

                  for i, level in List.indexed levels do
                      for y in 0..63 do
                          for x in 0..95 do
                              if (x - 23 - 45 * i) * (x - 23 - 45 * i) + (y - 30) * (y - 30) <= radius * radius then
                                  mask.Pixels[96 * y + x] <- level

                  let drawn = mask.Pixels |> Array.sumBy (fun value -> if value > 0uy then 1.0 else 0.0)

                  for quality in [ 30; 60; 90 ] do
                      let jpeg = ImageFile.EncodeJpeg(mask, quality)
                      let found = read null jpeg

                      let others =
                          Array.map2 (fun (value: byte) found -> if (value > 0uy) = (found = 1uy) then 0.0 else 1.0) mask.Pixels found

                      Expect.isLessThan (Array.sum others / drawn) 0.25 $"{kind}, quality {quality}"
                      use folder = new Scratch.Folder()
                      File.WriteAllBytes(folder.File "mask.jpg", jpeg)

                      Expect.equal
                          ((MaskPicture.Read(folder.File "mask.jpg")).Levels.Count > 1)
                          (levels.Length > 1)
                          $"levels of {kind}, {quality}")
          test "a dark level beside smoothed edges counts, the edges do not" {
              let mask = grays 60uy 255uy 0uy

              for y in 3..12 do
                  mask.Pixels[y * width + 11] <- byte (2 + y)
                  mask.Pixels[y * width + 18] <- byte (18 - y)

              Expect.equal (read null (png mask)) whole "mask"
          }
          test "a level that was named decides alone, and nothing is said of levels" {
              Expect.equal
                  (read (MaskThreshold(Nullable 100uy)) (png (grays 50uy 255uy 0uy)))
                  (areas 0uy 1uy 0uy |> Array.concat)
                  "above 100"
          }
          testTheory
              "several levels, masks that are mostly white and alpha are said with a count, ordinary masks are not"
              [ "levels",
                png (grays 50uy 255uy 0uy),
                [ "1 mask of several levels, all of which mean defect: ground_truth/dent/1_mask.png (50, 255)" ]
                "inverted",
                png (grays 0uy 0uy 255uy),
                [ "1 mask mostly white, that is with a defect all over the image: ground_truth/dent/1_mask.png (69 %)" ]
                "alpha",
                withAlpha [| 0uy; 0uy; 0uy; 255uy |] [| 0uy; 0uy; 0uy; 255uy |] [| 0uy; 0uy; 0uy; 0uy |],
                [ "1 mask not opaque: ground_truth/dent/1_mask.png (alpha is the mask)" ]
                "ordinary", png (grays 255uy 255uy 0uy), [] ]
              (fun (kind: string, file: byte array, expected: string list) -> Expect.equal (warnings file) expected kind)
          testTheory
              "a mask is found by the names that labelling programs give"
              [ "1_mask.png"
                "1.png"
                "1.bmp"
                "1_label.png"
                "1-gt.png"
                "mask_1.png"
                "1_MASK.PNG"
                "1_segmentation.tif" ]
              (fun (name: string) ->
                  use folder = new Scratch.Folder()
                  writeImages (folder.File "gear") [ "train/good/1.png"; "test/dent/1.png"; "test/dent/12.png" ]
                  writeMasks (folder.File "gear") 255uy [ $"ground_truth/dent/{name}" ]
                  let gear = (DataFolder.Detect(folder.File "gear")).Open "gear"

                  Expect.equal [ for image in gear.TestImages -> isNull image.MaskPath ] [ false; true ] "masks"

                  Expect.isEmpty gear.LooseMasks "loose masks"
                  Expect.isEmpty gear.Remarks "remarks")
          test "of two masks for one image one is read, which is said" {
              use folder = new Scratch.Folder()
              writeImages (folder.File "gear") [ "train/good/1.png"; "test/dent/1.png" ]
              writeMasks (folder.File "gear") 255uy [ "ground_truth/dent/1_mask.png"; "ground_truth/dent/1.png" ]
              let gear = (DataFolder.Detect(folder.File "gear")).Open "gear"
              Expect.stringEnds (string gear.TestImages[0].MaskPath) "1_mask.png" "mask"
              let remark = Seq.exactlyOne gear.Remarks
              Expect.stringContains remark.What "1 image with more than one mask, of which one is read: 1_mask.png, not 1.png" "remark"
          }
          test "a good image with a mask that is not black is asked about" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 1 1
              writeMasks gear 0uy [ "ground_truth/good/000_mask.png" ]

              let check () =
                  [ for warning in (DataCheck.Find((DataFolder.Detect gear).Open "gear", DataNeeds 1)).Warnings -> warning.What ]

              Expect.isEmpty (check ()) "black"
              writeMasks gear 255uy [ "ground_truth/good/001_mask.png" ]
              Expect.equal (check ()) [ "1 mask of good images with defects on it: ground_truth/good/001_mask.png" ] "white"
          }
          test "a region of interest is read as masks are" {
              use folder = new Scratch.Folder()
              File.WriteAllBytes(folder.File "roi.png", png (colours red blue black))
              Expect.equal (RegionOfInterest.Read(folder.File "roi.png")).Area 120 "area"
          } ]
