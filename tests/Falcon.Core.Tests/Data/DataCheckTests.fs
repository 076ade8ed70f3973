module Falcon.Core.Tests.Data.DataCheckTests

open System
open System.IO
open Xunit
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private openCategory (folder: string) = (DataFolder.Detect folder).Open(string (Path.GetFileName folder))

let private find folder = DataCheck.Find(openCategory folder, DataNeeds(1, Test = true, Masks = true))

let private where (findings: Falcon.Finding seq) = [ for finding in findings -> string (Path.GetFileName finding.Where) ]

[<Fact>]
let ``a sound category has no findings`` () =
    use folder = new Scratch.Folder()
    writeCategory (folder.File "gear") 4 2
    let report = find (folder.File "gear")
    Assert.Empty report.Errors
    Assert.Empty report.Warnings

[<Theory>]
[<InlineData(".png")>]
[<InlineData(".jpg")>]
[<InlineData(".bmp")>]
let ``a truncated image is an error though its header is whole`` (extension: string) =
    use folder = new Scratch.Folder()
    let gear = folder.File "gear"
    writeCategory gear 2 1
    let path = $"{gear}/test/scratch/cut{extension}"
    let image = Falcon.Imaging.RasterImage(40, 40, 3)

    if extension = ".jpg" then
        Falcon.Imaging.ImageFile.WriteJpeg(path, image)
    elif extension = ".png" then
        Falcon.Imaging.ImageFile.WritePng(path, image)
    else
        let header =
            [| 0x42uy
               0x4Duy
               0uy
               0uy
               0uy
               0uy
               0uy
               0uy
               0uy
               0uy
               54uy
               0uy
               0uy
               0uy
               40uy
               0uy
               0uy
               0uy
               40uy
               0uy
               0uy
               0uy
               40uy
               0uy
               0uy
               0uy
               1uy
               0uy
               24uy
               0uy |]

        File.WriteAllBytes(path, Array.concat [ header; Array.zeroCreate (24 + 3 * 40 * 40) ])

    writeMask 40 40 255uy $"{gear}/ground_truth/scratch/cut_mask.png"
    Assert.Empty (find gear).Errors
    let whole = File.ReadAllBytes path
    File.WriteAllBytes(path, whole[.. whole.Length - 20])
    Assert.Equal<string list>([ $"cut{extension}" ], where (find gear).Errors)

[<Fact>]
let ``an unreadable mask is an error beside those of the images`` () =
    use folder = new Scratch.Folder()
    let gear = folder.File "gear"
    writeCategory gear 3 2
    File.WriteAllText($"{gear}/ground_truth/scratch/001_mask.png", "no mask")
    File.Delete $"{gear}/ground_truth/scratch/000_mask.png"
    File.WriteAllText($"{gear}/train/good/002.png", "no image")
    Assert.Equal<string list>([ "002.png"; "000.png"; "001_mask.png" ], where (find gear).Errors)

[<Fact>]
let ``copies within the training images and between training and test are warnings, copies among test images are not`` () =
    use folder = new Scratch.Folder()
    let gear = folder.File "gear"
    writeCategory gear 3 1
    File.Copy($"{gear}/train/good/000.png", $"{gear}/train/good/copy.png")
    File.Copy($"{gear}/train/good/001.png", $"{gear}/test/good/copy.png")
    File.Copy($"{gear}/test/good/000.png", $"{gear}/test/good/twin.png")
    let warnings = (find gear).Warnings
    Assert.Equal<string list>([ "000.png"; "001.png" ], where warnings)
    Assert.Contains("train/good/copy.png", warnings[0].What)
    Assert.Contains("tested makes numbers too good", warnings[1].Fix)

[<Fact>]
let ``masks and tests are missed only by runs that need them`` () =
    use folder = new Scratch.Folder()
    let gear = folder.File "gear"
    writeCategory gear 2 1
    File.Delete $"{gear}/ground_truth/scratch/000_mask.png"
    let errors (needs: DataNeeds) = where (DataCheck.Find(openCategory gear, needs)).Errors
    Assert.Empty(errors (DataNeeds(1, Test = true)))
    Assert.Equal<string list>([ "000.png" ], errors (DataNeeds(1, Masks = true)))
    Directory.Delete($"{gear}/test/scratch", true)
    Assert.Empty(errors (DataNeeds(1, Masks = true)))
    Assert.Equal<string list>([ "gear" ], errors (DataNeeds(1, Test = true)))

[<Fact>]
let ``the photos of tile are sound`` () =
    let tile = openCategory (Fixtures.require [ "data"; "magnetic_tile"; "tile" ])
    Assert.Equal((200, 250), (tile.TrainImages.Count, tile.TestImages.Count))
    Assert.Empty (DataCheck.Find(tile, DataNeeds(10, Test = true, Masks = true))).Errors
