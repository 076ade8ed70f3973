module Falcon.Core.Tests.Data.ImageLoaderTests

open System
open System.Threading
open Xunit
open TorchSharp
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private preprocessing = Preprocessing.Square 16

let private images (folder: Scratch.Folder) count =
    [ for i in 0 .. count - 1 do
          let path = folder.File $"{i:D3}.png"
          writeImage (20 + i) 24 path
          ImageItem(path, $"{i:D3}.png", "good", false) ]

let private load workers (lookAhead: int) items =
    [ for image in ImageLoader.Load(items, preprocessing, workers, lookAhead = lookAhead) do
          use pixels = image.Pixels
          image.Item.RelativeName, image.Width, image.Height, pixels.data<float32>().ToArray() ]

[<Fact>]
let ``order and values depend on neither workers nor look-ahead`` () =
    use folder = new Scratch.Folder()
    let items = images folder 12
    let expected = load 1 1 items
    Assert.Equal<string list>([ for item in items -> item.RelativeName ], [ for name, _, _, _ in expected -> name ])

    for workers, lookAhead in [ 1, 5; 2, 2; 4, 1; 4, 30 ] do
        Assert.Equal<(string * int * int * float32 array) list>(expected, load workers lookAhead items)

[<Fact>]
let ``a loaded image is a float tensor of three channels at the asked size`` () =
    use folder = new Scratch.Folder()
    let loaded = ImageLoader.Load(images folder 1, Preprocessing(24, 16), 1) |> Seq.exactlyOne
    use pixels = loaded.Pixels
    Assert.Equal<int64 array>([| 3L; 16L; 24L |], pixels.shape)
    Assert.Equal(torch.ScalarType.Float32, pixels.dtype)
    Assert.Equal((20, 24), (loaded.Width, loaded.Height))

[<Fact>]
let ``no more images are read ahead than asked for`` () =
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
        Assert.True(loaded.MoveNext())
        loaded.Current.Pixels.Dispose()
        Assert.Equal(expected, asked)

[<Fact>]
let ``a cancelled load ends with a cancellation`` () =
    use folder = new Scratch.Folder()
    use stop = new CancellationTokenSource()
    let mutable count = 0

    Assert.ThrowsAny<OperationCanceledException>(fun () ->
        for image in ImageLoader.Load(images folder 20, preprocessing, 2, stop.Token) do
            image.Pixels.Dispose()
            count <- count + 1

            if count = 2 then stop.Cancel())
    |> ignore

    Assert.Equal(2, count)
