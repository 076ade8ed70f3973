/// Photos of a part, good or with a spot.
module Falcon.Core.Tests.Watching.PartPhotos

open System
open Falcon.Imaging

let private side = 48

/// The photo of this number.
let picture number isDefective =
    let random = Random(number: int)

    let pixels =
        Array.init (3 * side * side) (fun index ->
            let x, y = index / 3 % side, index / 3 / side
            let isSpot = isDefective && abs (x - 30) < 6 && abs (y - 14) < 6
            byte ((if isSpot then 220 else 90) + random.Next 12))

    RasterImage(side, side, 3, pixels)

/// The same as a file.
let png number isDefective = ImageFile.EncodePng(picture number isDefective)
