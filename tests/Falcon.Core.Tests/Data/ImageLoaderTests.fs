module Falcon.Core.Tests.Data.ImageLoaderTests

open System
open System.Threading
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private preprocessing = Preprocessing.To 16

let private images (folder: Scratch.Folder) count =
    [ for i in 0 .. count - 1 do
          let path = folder.File $"{i:D3}.png"
          writeImage (20 + i) 24 path
          ImageItem(path, $"{i:D3}.png", "good", false) ]

let private load workers (lookAhead: int) items =
    [ for image in ImageLoader.Load(items, preprocessing, workers, lookAhead = lookAhead) do
          use pixels = image.Pixels
          image.Item.RelativeName, image.Width, image.Height, pixels.data<float32>().ToArray() ]

[<Tests>]
let tests =
    testList
        "Image loader"
        [ test "order and values depend on neither workers nor look-ahead" {
              use folder = new Scratch.Folder()
              let items = images folder 12
              let expected = load 1 1 items
              Expect.equal [ for name, _, _, _ in expected -> name ] [ for item in items -> item.RelativeName ] "name"

              for workers, lookAhead in [ 1, 5; 2, 2; 4, 1; 4, 30 ] do
                  Expect.equal (load workers lookAhead items) expected "load workers look ahead items"
          }
          test "a loaded image is a float tensor of three channels at the asked size" {
              use folder = new Scratch.Folder()
              let loaded = ImageLoader.Load(images folder 1, Preprocessing(24, 16), 1) |> Seq.exactlyOne
              use pixels = loaded.Pixels
              Expect.equal pixels.shape [| 3L; 16L; 24L |] "shape of pixels"
              Expect.equal pixels.dtype torch.ScalarType.Float32 "dtype of pixels"
              Expect.equal (loaded.Width, loaded.Height) (20, 24) "loaded width height"
          }
          testCase "no more images are read ahead than asked for" (fun () ->
              use folder = new Scratch.Folder()
              let files = images folder 20
              let mutable asked = 0

              let items =
                  seq {
                      for item in files do
                          asked <- asked + 1
                          item
                  }

              use loaded = ImageLoader.Load(items, preprocessing, 2, lookAhead = 3).GetEnumerator()

              for expected in [ 3; 4; 5 ] do
                  Expect.isTrue (loaded.MoveNext()) "move next of loaded"
                  loaded.Current.Pixels.Dispose()
                  Expect.equal asked expected "asked")
          testCase "a cancelled load ends with a cancellation" (fun () ->
              use folder = new Scratch.Folder()
              use stop = new CancellationTokenSource()
              let mutable count = 0

              raised<OperationCanceledException>(fun () ->
                  for image in ImageLoader.Load(images folder 20, preprocessing, 2, stop.Token) do
                      image.Pixels.Dispose()
                      count <- count + 1

                      if count = 2 then stop.Cancel())
              |> ignore

              Expect.equal count 2 "count") ]
