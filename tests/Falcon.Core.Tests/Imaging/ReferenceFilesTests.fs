module Falcon.Core.Tests.Imaging.ReferenceFilesTests

open System
open System.IO
open System.Threading.Tasks
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Core.Tests.Imaging.ReferenceFiles
open Falcon.Imaging
open Falcon.Results

let private decode (case: Case) = ImageFile.DecodeRgb(case.File, case.Name)

let private differing (files: (Case * RasterImage) list) =
    [ for case, picture in files do
          let read = decode case

          if (read.Width, read.Height) <> (picture.Width, picture.Height) then
              $"{case.Name}: {read.Width}×{read.Height}"
          elif largestDifference picture read > 0 then
              $"{case.Name}: {largestDifference picture read} levels" ]

[<Tests>]
let tests =
    testList
        "Reference files"
        [ test "a file of every kind has the pixels that Pillow finds in it" {
              Expect.isGreaterThan readable.Length 150 "number of readable"
              Expect.isEmpty (differing readable) "differing readable"
          }
          test "the size of a file of every kind is read from its first bytes" {
              use folder = new Scratch.Folder()

              for case, picture in readable do
                  File.WriteAllBytes(folder.File "picture", case.File)
                  let shape = ImageFile.ReadShape(folder.File "picture")
                  Expect.equal (case.Name, shape.Width, shape.Height) (case.Name, picture.Width, picture.Height) "width and height of case"
                  // A gray palette may be told as colours, colours never as gray.
                  let isGray = picture.Pixels |> Array.chunkBySize 3 |> Array.forall (fun pixel -> Array.distinct pixel |> Array.length = 1)
                  Expect.isTrue (shape.Channels = 3 || isGray) case.Name
          }
          test "a file of a kind that would be read wrongly is refused with the reason" {
              for case in cases do
                  if case.Picture.IsNone then
                      let refusal = raised<ImageFileException>(fun () -> decode case |> ignore)
                      let finding = Seq.exactlyOne refusal.Findings
                      Expect.equal finding.Where case.Name "where of finding"
                      Expect.isMatch finding.What "TIFF|holds 2 (pages|frames)" "what of finding"
          }
          test "a file of every kind that is cut off is refused, unless nothing is missing but what follows the picture" {
              for case, picture in readable do
                  let read =
                      [ for length in 0..5 .. case.File.Length - 1 do
                            try
                                assertSame picture (ImageFile.DecodeRgb(ReadOnlySpan(case.File, 0, length), case.Name))
                                length
                            with :? ImageFileException as refusal ->
                                Expect.equal refusal.File case.Name "refusal" ]

                  // The place of the next page, which is nowhere.
                  let behind = if case.Name = "tiff, big" then 8 else 4

                  for length in read do
                      Expect.isGreaterThanOrEqual
                          length
                          (case.File.Length - behind)
                          $"{case.Name}, cut to {length} of {case.File.Length} bytes"
          }
          test "many threads read files of all kinds at once as one thread does" {
              let wrong = Array.create 16 []

              Parallel.For(0, wrong.Length, fun turn -> wrong[turn] <- differing (if turn % 2 = 0 then readable else List.rev readable))
              |> ignore

              for names in wrong do
                  Expect.isEmpty names "names"
          }
          test "damaged bytes in a file of any kind are read or refused, and nothing else happens" {
              let random = Random 7

              for case, _ in readable do
                  for _ in 1..40 do
                      let damaged = Array.copy case.File

                      for _ in 1 .. random.Next(1, 4) do
                          damaged[random.Next damaged.Length] <- byte (random.Next 256)

                      try
                          let image = ImageFile.DecodeRgb(damaged, case.Name)
                          Expect.equal image.Pixels.Length (3 * image.Width * image.Height) "number of image pixels"
                      with :? ImageFileException as refusal ->
                          Expect.equal refusal.File case.Name "refusal"
          }
          test "numbers in TIFF files that are no colours are read as they are" {
              use folder = new Scratch.Folder()

              for file in numbers do
                  File.WriteAllBytes(folder.File "map.tif", file.File)
                  let struct (values, width, height) = AnomalyMapFile.Read(folder.File "map.tif")
                  Expect.equal (file.Name, width, height) (file.Name, file.Width, file.Height) "file name width height"
                  Expect.equal values file.Values "values"
          }
          test "a TIFF file of numbers that is cut off is refused, unless nothing is missing but what follows the picture" {
              use folder = new Scratch.Folder()

              for file in numbers do
                  for length in 0 .. file.File.Length / 30 .. file.File.Length - 5 do
                      File.WriteAllBytes(folder.File "map.tif", file.File[.. length - 1])

                      Expect.throwsT<InvalidInputException>
                          (fun () -> AnomalyMapFile.Read(folder.File "map.tif") |> ignore)
                          "read map.tif is refused"
          }
          test "a TIFF file of colours that would lose digits is no anomaly map" {
              use folder = new Scratch.Folder()

              for case in cases do
                  if case.Name.StartsWith "tiff, RGB of 16 bits" then
                      File.WriteAllBytes(folder.File "map.tif", case.File)
                      let error = raised<InvalidInputException>(fun () -> AnomalyMapFile.Read(folder.File "map.tif") |> ignore)
                      Expect.stringContains error.Message "would be lost" "message of error"
          } ]
