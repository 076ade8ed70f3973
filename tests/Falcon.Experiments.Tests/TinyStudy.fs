/// A study that takes a second: two categories of photos of 64 pixels, one epoch, a random teacher.
module Falcon.Experiments.Tests.TinyStudy

open System
open System.IO
open Falcon.Experiments
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness

/// A temporary folder of one test, removed at its end.
type Folder() =
    let path = Directory.CreateTempSubdirectory("falcon-test-").FullName

    /// A path inside the folder.
    member _.Path(name: string) = Path.Combine(path, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

let categories = [ "plate"; "cloth" ]

/// A photo of a textured part with 64 pixels on each side; a defect is a dark square.
let private photo (random: RandomStream) isDefective =
    let at = if isDefective then random.NextInt(8, 40) else 64

    let isDark i =
        let x, y = i / 3 % 64, i / 192
        x >= at && x < at + 12 && y >= at && y < at + 12

    let pixels = Array.init (64 * 64 * 3) (fun i -> byte (if isDark i then 30 else 120 + i / 96 % 40 + random.NextInt(0, 20)))

    let mask = Array.init (64 * 64) (fun i -> if isDark (3 * i) then 255uy else 0uy)
    RasterImage(64, 64, 3, pixels), RasterImage(64, 64, 1, mask)

/// Writes the photos of some categories: four to train, two good and two defective ones to test.
let writeCategories (names: string list) (folder: string) =
    for category in names do
        let write (name: string) (image: RasterImage) =
            let path = Path.Combine(folder, category, name)
            Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
            ImageFile.WritePng(path, image)

        let draw name isDefective = photo (MasterSeed(1L).Stream(category, name)) isDefective

        for name in [ "train/good/0"; "train/good/1"; "train/good/2"; "train/good/3"; "test/good/0"; "test/good/1" ] do
            write $"{name}.png" (fst (draw name false))

        for name in [ "0"; "1" ] do
            let image, mask = draw name true
            write $"test/hole/{name}.png" image
            write $"ground_truth/hole/{name}_mask.png" mask

/// Writes the photos of both categories.
let writeData folder = writeCategories categories folder

/// Two categories, two seeds.
let study (photos: string) =
    experiment "tiny" {
        data (Data.at photos |> Data.categories categories)
        shots [ 2 ]
        seeds [ 0; 1 ]
        methods [ FalconOptions(Epochs = 1, InputSize = 64) ]
        teacher Teacher.random
        metrics [ ImageAuroc ]
    }

/// Results in a folder, with a store of their own beside them; one cell after another.
let runtime (out: string) = { Runtime.local with Workers = 1; Verbosity = Quiet; Out = Some out; Store = Some(out + "-store") }

/// Remembers what a study tells.
type Listener() =
    let events = ResizeArray<StudyEvent>()
    member _.Events = List.ofSeq events

    interface IProgress<StudyEvent> with
        member _.Report event = events.Add event
