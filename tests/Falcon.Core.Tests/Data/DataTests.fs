module Falcon.Core.Tests.Data.DataTests

open System
open System.IO
open Xunit
open Falcon
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Imaging
open Falcon.Randomness

let private picture width height shade =
    RasterImage(width, height, 3, Array.init (3 * width * height) (fun i -> byte ((i * 7 + shade) % 256)))

let private write (path: string) image =
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    ImageFile.WritePng(path, image)

let private mask width height =
    RasterImage(width, height, 1, Array.init (width * height) (fun i -> if i < width then 255uy else 0uy))

/// A category with three training images, one normal and two defective test images.
let private category (root: string) =
    for i in 0..2 do
        write $"{root}/cup/train/good/00{i}.png" (picture 20 10 i)

    write $"{root}/cup/test/good/000.png" (picture 20 10 50)

    for i in 0..1 do
        write $"{root}/cup/test/crack/00{i}.png" (picture 20 10 (100 + i))
        write $"{root}/cup/ground_truth/crack/00{i}_mask.png" (mask 20 10)

    DataFolder.Detect(root).Open "cup"

[<Fact>]
let ``a folder laid out as MVTec AD gives its images sorted, with masks paired by name`` () =
    use scratch = new Scratch.Folder()
    let cup = category (scratch.File "data")

    Assert.Equal<string seq>(
        [ "train/good/000.png"; "train/good/001.png"; "train/good/002.png" ],
        cup.TrainImages |> Seq.map _.RelativeName
    )

    Assert.Equal<string seq>([ "test/crack/000.png"; "test/crack/001.png"; "test/good/000.png" ], cup.TestImages |> Seq.map _.RelativeName)
    Assert.Equal<bool seq>([ true; true; false ], cup.TestImages |> Seq.map _.IsAnomalous)
    Assert.EndsWith("ground_truth/crack/001_mask.png", cup.TestImages[1].MaskPath)
    Assert.Empty (DataCheck.Find(cup, 3)).Errors

[<Fact>]
let ``a folder is told by what it holds, and one that is nothing says what was expected and found`` () =
    use scratch = new Scratch.Folder()
    category (scratch.File "data") |> ignore
    write (scratch.File "photos/a.PNG") (picture 8 8 1)
    Directory.CreateDirectory(scratch.File "other/stuff") |> ignore
    Assert.Equal("folders as in MVTec AD", DataFolder.Detect(scratch.File "data").Layout)
    Assert.Equal<string seq>([ "cup" ], DataFolder.Detect(scratch.File "data/cup").Categories)
    Assert.Equal(1, (DataFolder.Detect(scratch.File "photos").Open "photos").TrainImages.Count)
    let error = Assert.Throws<InvalidInputException>(fun () -> DataFolder.Detect(scratch.File "other") |> ignore)
    Assert.Contains("train/good", error.Message)
    Assert.Contains("stuff/", error.Message)

[<Fact>]
let ``a shot count above the training set is reported with the category name`` () =
    use scratch = new Scratch.Folder()
    let report = DataCheck.Find(category (scratch.File "data"), 4)
    let finding = Assert.Single report.Errors
    Assert.Contains("cup has 3 training images, fewer than 4 shots", finding.What)

[<Fact>]
let ``everything wrong with a category is reported at once`` () =
    use scratch = new Scratch.Folder()
    let root = scratch.File "data"
    category root |> ignore
    File.Delete $"{root}/cup/ground_truth/crack/000_mask.png"
    write $"{root}/cup/ground_truth/crack/001_mask.png" (mask 10 10)
    File.WriteAllText($"{root}/cup/train/good/001.png", "no picture")
    File.Copy($"{root}/cup/train/good/000.png", $"{root}/cup/test/good/copy.png")
    let report = DataCheck.Find(DataFolder.Detect(root).Open "cup", 1)
    let where = report.Errors |> Seq.map _.Where |> Seq.map Path.GetFileName |> Seq.sort |> List.ofSeq
    Assert.Equal<(string | null) list>([ "000.png"; "001.png"; "001_mask.png" ], where)
    Assert.Contains("same content", (Assert.Single report.Warnings).What)

[<Fact>]
let ``an empty mask under a defect is a warning`` () =
    use scratch = new Scratch.Folder()
    let root = scratch.File "data"
    category root |> ignore
    write $"{root}/cup/ground_truth/crack/000_mask.png" (RasterImage(20, 10, 1))
    let report = DataCheck.Find(DataFolder.Detect(root).Open "cup", 1)
    Assert.Empty report.Errors
    Assert.EndsWith("000_mask.png", (Assert.Single report.Warnings).Where)

[<Fact>]
let ``masks count values above 127, or above 0 when all are small`` () =
    use scratch = new Scratch.Folder()

    let read (values: byte[]) =
        ImageFile.WritePng(scratch.File "m.png", RasterImage(values.Length, 1, 1, values))
        (DefectMask.Read(scratch.File "m.png")).Pixels

    Assert.Equal<byte[]>([| 0uy; 0uy; 1uy |], read [| 0uy; 90uy; 255uy |])
    Assert.Equal<byte[]>([| 0uy; 1uy; 1uy |], read [| 0uy; 1uy; 2uy |])

let private numbered count = [| for i in 0 .. count - 1 -> ImageItem($"{i}", $"{i:D4}", "good", false) |]

[<Fact>]
let ``images arrive in order with the same values whatever the number of workers`` () =
    use scratch = new Scratch.Folder()
    let paths = [| for i in 0..19 -> scratch.File $"{i}.png" |]
    paths |> Array.iteri (fun i path -> write path (picture (10 + i) 12 i))
    let items = paths |> Array.map (fun path -> ImageItem(path, string (Path.GetFileName path), "good", false))

    let load workers =
        [ for image in ImageLoader.Load(items, Preprocessing.Square 16, workers) do
              use pixels = image.Pixels
              image.Item.RelativeName, image.Width, pixels.data<float32>().ToArray() ]

    let one = load 1
    Assert.Equal<int list>([ 10..29 ], one |> List.map (fun (_, width, _) -> width))
    Assert.Equal<(string * int * float32[]) list>(one, load 4)

[<Fact>]
let ``a broken image surfaces at the consumer by name, after the images before it`` () =
    use scratch = new Scratch.Folder()
    write (scratch.File "a.png") (picture 8 8 0)
    File.WriteAllText(scratch.File "b.png", "")
    let items = [| for name in [ "a.png"; "b.png" ] -> ImageItem(scratch.File name, name, "good", false) |]
    use images = ImageLoader.Load(items, Preprocessing.Square 8, 2).GetEnumerator()
    Assert.True(images.MoveNext())
    images.Current.Pixels.Dispose()
    let error = Assert.Throws<ImageFileException>(fun () -> images.MoveNext() |> ignore)
    Assert.Contains("b.png", error.Message)

[<Fact>]
let ``an input is scaled to 0..1 and normalised with ImageNet's statistics`` () =
    let white = RasterImage(4, 4, 3, Array.create 48 255uy)
    let values = (Preprocessing.Square 2).Apply white
    Assert.Equal((1.0f - 0.485f) / 0.229f, values[0], 5)
    Assert.Equal((1.0f - 0.406f) / 0.225f, values[11], 5)

[<Theory>]
[<InlineData(40, 24, 5, 1)>]
[<InlineData(24, 40, 1, 5)>]
let ``an input may be cut from the middle of an image that keeps its aspect ratio`` (width: int, height: int, left: int, top: int) =
    let image = RasterImage(width, height, 3, Array.init (3 * width * height) (fun i -> byte (i * i % 251)))
    let preprocessing = Preprocessing.Square(10, shorterSide = 12)
    let resizedWidth, resizedHeight = width / 2, height / 2
    Assert.Equal(ImageCrop(resizedWidth, resizedHeight, left, top), preprocessing.CropOf(width, height))
    let resized = image.Resize(resizedWidth, resizedHeight, ResizeFilter.Bilinear)

    Assert.Equal<byte array>(
        [| for y in 0..9 do
               for x in 0..9 do
                   for c in 0..2 -> resized.Pixels[((top + y) * resizedWidth + left + x) * 3 + c] |],
        preprocessing.Resize(image).Pixels
    )

[<Fact>]
let ``nothing is cut from a square image that is as small as the input, nor where no shorter side is asked for`` () =
    Assert.Null(Preprocessing.Square(10, shorterSide = 10).CropOf(30, 30))
    Assert.Null(Preprocessing.Square(10).CropOf(40, 24))
    Assert.DoesNotContain("ShorterSide", System.Text.Json.JsonSerializer.Serialize(Preprocessing.Square 10))

[<Fact>]
let ``the data digest depends on names and contents, not on order`` () =
    let items = numbered 3
    let digest (items: ImageItem seq) = DataDigest.Of(items, (fun path -> "content " + path))
    Assert.Equal(digest items, digest (Array.rev items))
    Assert.NotEqual<string>(digest items, digest items[..1])
    Assert.NotEqual<string>(digest items, DataDigest.Of(items, (fun path -> "other " + path)))

[<Fact>]
let ``the real bottle category is read and checked within seconds`` () =
    let bottle = DataFolder.Detect(Fixtures.require [ "data"; "mvtec_ad" ]).Open "bottle"
    Assert.Equal((209, 83), (bottle.TrainImages.Count, bottle.TestImages.Count))
    let clock = Diagnostics.Stopwatch.StartNew()
    Assert.Empty (DataCheck.Find(bottle, 10)).Errors
    Assert.InRange(clock.Elapsed.TotalSeconds, 0.0, 20.0)
