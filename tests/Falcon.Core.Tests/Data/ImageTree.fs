/// Small image trees on disk for the tests of readers.
module Falcon.Core.Tests.Data.ImageTree

open System.IO
open Falcon.Imaging

let private folderOf (path: string) = Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore

/// Writes a colour image whose pixels follow from its path, so that any two files differ.
let writeImage width height (path: string) =
    folderOf path
    let start = path |> Seq.fold (fun hash letter -> hash * 31u + uint32 letter) 17u
    let pixels = Array.init (3 * width * height) (fun i -> byte ((start + uint32 i * 2654435761u) >>> 24))
    ImageFile.WritePng(path, RasterImage(width, height, 3, pixels))

/// Writes a gray mask with one value everywhere.
let writeMask width height (value: byte) (path: string) =
    folderOf path
    ImageFile.WritePng(path, RasterImage(width, height, 1, Array.create (width * height) value))

/// A category in MVTec AD's layout with the given numbers of images, all 12 × 8: two good test images, and scratches with masks.
let writeCategory (folder: string) trainCount scratchCount =
    for i in 0 .. trainCount - 1 do
        writeImage 12 8 $"{folder}/train/good/{i:D3}.png"

    for i in 0..1 do
        writeImage 12 8 $"{folder}/test/good/{i:D3}.png"

    for i in 0 .. scratchCount - 1 do
        writeImage 12 8 $"{folder}/test/scratch/{i:D3}.png"
        writeMask 12 8 255uy $"{folder}/ground_truth/scratch/{i:D3}_mask.png"

/// Writes images of 12 × 8 with these names below a folder.
let writeImages (folder: string) (names: string list) =
    for name in names do
        writeImage 12 8 $"{folder}/{name}"

/// Writes masks of 12 × 8 with these names below a folder.
let writeMasks (folder: string) (value: byte) (names: string list) =
    for name in names do
        writeMask 12 8 value $"{folder}/{name}"
