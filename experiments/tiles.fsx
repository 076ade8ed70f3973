// What tiles are worth: parts of 2048 × 2048 pixels with spots of 12 pixels, seen reduced to 256 × 256 as usual, and in tiles of 256 × 256 at half of their
// size. PatchCore learns from three photos.
//
//   ./falcon run experiments/tiles.fsx [--category C] [--teacher FILE]      draws the parts first; C: fabric, flange or nameplate, default: all
#load "falcon.fsx"

open System
open System.IO
open Falcon.Data
open Falcon.DrawnData
open Falcon.Experiments
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness

let size, spot, spots = 2048, 12, 3
let seed = MasterSeed 11L

/// A soft round spot in other light, and its pixels in the mask: nothing of it is larger than the part's own texture.
let stain (picture: RasterImage) (mask: RasterImage) (draws: RandomStream) =
    let radius = float spot / 2.0
    // Towards the middle, so that a spot lies on the part.
    let place () = float (draws.NextInt(size / 4, 3 * size / 4))
    let x0, y0 = place (), place ()
    let share = if draws.NextBool() then 0.55 else 1.6

    for y in int (y0 - radius) - 1 .. int (y0 + radius) + 1 do
        for x in int (x0 - radius) - 1 .. int (x0 + radius) + 1 do
            let inside = Math.Clamp(radius + 0.5 - Math.Sqrt((float x - x0) ** 2.0 + (float y - y0) ** 2.0), 0.0, 1.0)
            let pixel = y * size + x

            for channel in 0..2 do
                let level = float picture.Pixels[3 * pixel + channel]
                picture.Pixels[3 * pixel + channel] <- byte (Math.Clamp(Math.Round(level * (1.0 + inside * (share - 1.0))), 0.0, 255.0))

            if inside >= 0.5 then mask.Pixels[pixel] <- 255uy

/// One drawn photo as a file; what is there already stays.
let write folder (scene: Scene) (kind: string) number =
    let path = Path.Combine(folder, scene.Name, kind, $"{number:D3}.png")

    if not (File.Exists path) then
        Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
        let picture = scene.Draw(seed, $"{kind}/{number}", size = size).Picture

        if kind = "test/spot" then
            let mask = RasterImage(size, size, 1)
            let draws = seed.Stream("spots", $"{scene.Name}/{number}")

            for _ in 1..spots do
                stain picture mask draws

            let truth = Path.Combine(folder, scene.Name, "ground_truth", "spot")
            Directory.CreateDirectory truth |> ignore
            ImageFile.WritePng(Path.Combine(truth, $"{number:D3}_mask.png"), mask)

        ImageFile.WritePng(path, picture)

Script.run fsi.CommandLineArgs (fun arguments ->
    let folder = Path.Combine(Runtime.folder "tiles" arguments.Runtime, "photos")
    let wanted = if arguments.Categories.IsEmpty then [ "fabric"; "flange"; "nameplate" ] else arguments.Categories
    let count = if arguments.Quick then 2 else 6

    for scene in Scene.All do
        if List.contains scene.Name wanted then
            for kind, photos in [ "train/good", (if arguments.Quick then 1 else 3); "test/good", count; "test/spot", count ] do
                for number in 0 .. photos - 1 do
                    write folder scene kind number

    // A hundredth of a tiled photo's patches is as much as all that the reduced one has.
    let seen tiling = PatchCoreOptions(Share = (if isNull tiling then 0.1 else 0.01), Tiling = tiling)

    experiment "tiles" {
        data (Data.at folder |> Data.categories wanted)
        shots [ Shots.All ]
        seeds [ 0 ]
        teacher (Script.teacher arguments)
        methods [ seen null; seen (Tiling(32, 0.5)) ]
        metrics [ Aupro 0.3; PixelAuroc; ImageAuroc ]
    }
    |> Study.withReport (Script.reportFolder "tiles" arguments) [ Table.perCategory (Aupro 0.3); Table.summary; Gallery.overlays ]
    |> Study.run arguments.Runtime)
