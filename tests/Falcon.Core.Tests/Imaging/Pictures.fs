/// Small pictures for image tests, at random and by formula.
module Falcon.Core.Tests.Imaging.Pictures

open FsCheck
open FsCheck.FSharp
open Expecto
open Falcon.Imaging

let noise (channels: int) (width: int) (height: int) : Gen<RasterImage> =
    Gen.choose (0, 255)
    |> Gen.map byte
    |> Gen.arrayOfLength (width * height * channels)
    |> Gen.map (fun pixels -> RasterImage(width, height, channels, pixels))

/// Noise with sides of 1 to `largest`.
let noiseUpTo (largest: int) (channels: int) : Gen<RasterImage> =
    gen {
        let! width = Gen.choose (1, largest)
        let! height = Gen.choose (1, largest)
        return! noise channels width height
    }

/// A mask (0 and 255) with sides of 1 to `largest`.
let maskUpTo (largest: int) : Gen<RasterImage> =
    noiseUpTo largest 1
    |> Gen.map (fun image ->
        RasterImage(image.Width, image.Height, 1, image.Pixels |> Array.map (fun value -> if value < 100uy then 0uy else 255uy)))

/// A smooth RGB picture in which no two places look the same.
let smooth (width: int) (height: int) : RasterImage =
    let value x y channel =
        match channel with
        | 0 -> byte (20 + 200 * x / width)
        | 1 -> byte (230 - 200 * y / height)
        | _ -> byte (40 + 150 * (x + y) / (width + height))

    RasterImage(
        width,
        height,
        3,
        [| for y in 0 .. height - 1 do
               for x in 0 .. width - 1 do
                   for c in 0..2 -> value x y c |]
    )

let pixel (image: RasterImage) (x: int) (y: int) : byte list =
    [ for c in 0 .. image.Channels - 1 -> image.Pixels[(y * image.Width + x) * image.Channels + c] ]

let assertSame (expected: RasterImage) (actual: RasterImage) : unit =
    Expect.equal
        (actual.Width, actual.Height, actual.Channels)
        (expected.Width, expected.Height, expected.Channels)
        "actual width height channels"

    Expect.equal actual.Pixels expected.Pixels "pixels of actual"

/// The largest difference of two pictures of one size, in levels.
let largestDifference (a: RasterImage) (b: RasterImage) : int = Array.map2 (fun x y -> abs (int x - int y)) a.Pixels b.Pixels |> Array.max

/// Fewer than usual: a picture is many random numbers.
let pictures = { FsCheckConfig.defaultConfig with maxTest = 40 }

let forAll (values: Gen<'a>) (property: 'a -> unit) : Property = Prop.forAll (Arb.fromGen values) property
