module Falcon.Core.Tests.Data.DataFolderTests

open System.IO
open Xunit
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private names (images: seq<ImageItem>) = [ for image in images -> image.RelativeName ]

[<Fact>]
let ``images are sorted ordinally, whatever the case of their extension, and other files are left out`` () =
    use folder = new Scratch.Folder()
    let bottle = folder.File "set/bottle"
    writeCategory bottle 2 1
    writeImage 12 8 $"{bottle}/train/good/a.PNG"
    writeImage 12 8 $"{bottle}/train/good/B.JpEg"
    File.WriteAllText($"{bottle}/readme.txt", "")
    File.WriteAllText($"{bottle}/train/good/notes.txt", "")
    File.WriteAllText($"{bottle}/train/good/._000.png", "")
    let category = (DataFolder.Detect(folder.File "set")).Open "bottle"

    Assert.Equal<string list>(
        [ for name in [ "000.png"; "001.png"; "B.JpEg"; "a.PNG" ] -> "train/good/" + name ],
        names category.TrainImages
    )

    Assert.Equal<string list>([ "test/good/000.png"; "test/good/001.png"; "test/scratch/000.png" ], names category.TestImages)
    Assert.Equal<string list>([ "good"; "good"; "scratch" ], [ for image in category.TestImages -> image.Defect ])

[<Fact>]
let ``published categories make it MVTec AD with its licence, others a data set named after the folder`` () =
    use folder = new Scratch.Folder()
    writeCategory (folder.File "one/bottle") 1 1
    writeCategory (folder.File "one/screw") 1 1
    writeCategory (folder.File "two/bottle") 1 1
    writeCategory (folder.File "two/gear") 1 1
    let one = DataFolder.Detect(folder.File "one/")
    Assert.Equal(("MVTec AD", "CC BY-NC-SA 4.0"), (one.Name, (nonNull one.Published).Licence))
    Assert.Equal<string list>([ "bottle"; "screw" ], List.ofSeq one.Categories)
    let two = DataFolder.Detect(folder.File "two/")
    Assert.Equal("two", two.Name)
    Assert.Null two.Published

[<Fact>]
let ``a plain folder may name good images otherwise, and its masks may lack the suffix or be missing`` () =
    use folder = new Scratch.Folder()
    let root = folder.File "lids"

    for name in [ "train/ok/0.png"; "test/ok/0.png"; "test/bad/0.png"; "test/bad/1.png"; "test/bad/2.png" ] do
        writeImage 12 8 $"{root}/{name}"

    writeMask 12 8 255uy $"{root}/ground_truth/bad/0.bmp"
    writeMask 12 8 255uy $"{root}/ground_truth/bad/1_mask.png"
    writeMask 12 8 255uy $"{root}/ground_truth/bad/1.png"
    let lids = (DataFolder.Detect root).Open "lids"
    Assert.Equal<string list>([ "train/ok/0.png" ], names lids.TrainImages)
    Assert.Equal<bool list>([ true; true; true; false ], [ for image in lids.TestImages -> image.IsAnomalous ])

    Assert.Equal<string list>(
        [ "0.bmp"; "1_mask.png"; ""; "" ],
        [ for image in lids.TestImages -> string (Path.GetFileName image.MaskPath) ]
    )

[<Fact>]
let ``good photos lie directly in a folder or in its train folder`` () =
    use folder = new Scratch.Folder()

    for name in [ "bolts/10.png"; "bolts/2.TIF"; "nuts/train/1.png"; "nuts/test/good/1.png" ] do
        writeImage 12 8 (folder.File name)

    let bolts = (DataFolder.Detect(folder.File "bolts")).Open "bolts"
    Assert.Equal<string list>([ "10.png"; "2.TIF" ], names bolts.TrainImages)
    Assert.Empty bolts.TestImages
    let nuts = (DataFolder.Detect(folder.File "nuts")).Open "nuts"
    Assert.Equal<string list>([ "train/1.png" ], names nuts.TrainImages)
    Assert.Equal<string list>([ "test/good/1.png" ], names nuts.TestImages)

[<Fact>]
let ``a missing folder, a file, an odd tree and an unknown category are named with what is there`` () =
    use folder = new Scratch.Folder()
    let message (action: unit -> obj) = (Assert.Throws<InvalidInputException>(action >> ignore)).Message
    Assert.Contains("found no such folder", message (fun () -> DataFolder.Detect(folder.File "none")))
    writeImage 12 8 (folder.File "photo.png")
    Assert.Contains("found a file", message (fun () -> DataFolder.Detect(folder.File "photo.png")))
    writeImage 12 8 (folder.File "odd/good/0.png")
    writeImage 12 8 (folder.File "odd/bad/0.png")
    Assert.Contains("found bad/, good/", message (fun () -> DataFolder.Detect(folder.File "odd")))
    writeCategory (folder.File "set/bottle") 1 1
    Assert.Contains("Choose from: bottle", message (fun () -> (DataFolder.Detect(folder.File "set")).Open "botle"))
