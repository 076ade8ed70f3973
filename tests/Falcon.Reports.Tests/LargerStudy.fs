/// A study with enough methods, shots and categories to see how figures and tables look: drawn scores, maps and losses.
module Falcon.Reports.Tests.LargerStudy

open System
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Results

let methods =
    [ MethodLabel("falcon", "FALCON"), 1.9, 40.0
      MethodLabel("stpm", "STPM"), 1.2, 25.0
      MethodLabel("rd", "Reverse distillation"), 1.5, 180.0
      MethodLabel("efficientad", "EfficientAD"), 1.3, 420.0 ]

let categories = [ "bottle"; "cable"; "carpet"; "grid"; "hazelnut"; "metal_nut"; "screw"; "zipper" ]

let private images quality (category: string) shots seed name =
    let stream = MasterSeed(seed).Stream("scores", $"{name}/{category}/{shots}")
    let hardness = 0.35 * float (List.findIndex ((=) category) categories)
    let distance = quality + 0.25 * float shots - hardness + 0.8

    [| for i in 0..39 -> ImageOutcome($"test/good/%03d{i}.png", "good", false, stream.NextGaussian())
       for i in 0..59 -> ImageOutcome($"test/crack/%03d{i}.png", "crack", true, distance + 1.2 * stream.NextGaussian()) |]

let private losses quality seed =
    let stream = MasterSeed(seed).Stream "losses"

    let curve scale =
        [| for epoch in 1..60 -> scale * (0.05 + exp (-0.05 * quality * float epoch)) * (1.0 + 0.1 * stream.NextGaussian()) |]

    [| LossCurve("distillation", curve 1.0) |]

let cells =
    [| for label, quality, seconds in methods do
           for shots in [ 1; 2; 4 ] do
               for category in categories do
                   for seed in [ 0L .. 2L ] do
                       let images = images quality category shots seed label.Name
                       let cell = SampleStudy.cellOf label category seed (SampleStudy.protocol shots) images
                       let timings = Timings(0.1 * seconds, seconds * (0.8 + 0.1 * float seed), 3.0, 0.5)

                       CellResult(
                           label,
                           cell.DataSet,
                           category,
                           seed,
                           cell.Protocol,
                           cell.Metrics,
                           images,
                           timings,
                           cell.Provenance,
                           losses quality seed
                       ) |]

let private called (label: MethodLabel) category (cell: CellResult) =
    CellResult(
        label,
        cell.DataSet,
        category,
        cell.Seed,
        cell.Protocol,
        cell.Metrics,
        cell.Images,
        cell.Timings,
        cell.Provenance,
        cell.Losses
    )

let private long =
    dict
        [ "falcon", MethodLabel("falcon", "FALCON (noise weight 4, patterns spot)")
          "stpm", MethodLabel("stpm", "Student–teacher feature pyramid matching (epochs 20)")
          "rd", MethodLabel("rd", "Reverse distillation (learning rate 0.0003, batch size 4)")
          "efficientad", MethodLabel("falcon", "Ours") ]

/// Four methods of long names, two numbers of shots, three categories, three seeds.
let longNames =
    [| for cell in cells do
           if cell.Protocol.Shots <> Falcon.Protocol.ShotCount.Of 2 && List.contains cell.Category (List.take 3 categories) then
               let category = if cell.Category = "carpet" then "carpet, third batch_of_the_left line" else cell.Category
               called long[cell.Method.Name] category cell |]

/// The same names with all categories and one number of shots: no name fits above its column.
let manyNames =
    [| for cell in cells do
           if cell.Protocol.Shots = Falcon.Protocol.ShotCount.Of 4 then
               called long[cell.Method.Name] cell.Category cell |]

/// The maps of a cell: a bright spot, the brighter the better the method, in noise.
let pixels (cell: CellResult) =
    let _, quality, _ = methods |> List.find (fun (label, _, _) -> label = cell.Method)
    let stream = MasterSeed(cell.Seed).Stream("maps", $"{cell.Method.Name}/{cell.Category}")

    let map index =
        let isDefect i = index > 1 && i / 48 < 6 + index && i % 48 < 9
        let mask = Array.init (48 * 48) (fun i -> if isDefect i then 1uy else 0uy)
        let scores = mask |> Array.map (fun m -> float32 (stream.NextGaussian() + quality * float m))
        AnomalyMapSample(string index, 48, ReadOnlyMemory scores, ReadOnlyMemory mask)

    PixelRanking [| for index in 0..5 -> map index |]
