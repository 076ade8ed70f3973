/// Cells as a study would leave them, with drawn scores instead of trained ones.
module Falcon.Reports.Tests.SampleStudy

open System
open System.Collections.Generic
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Results

let falcon = MethodLabel("falcon", "FALCON")
let stpm = MethodLabel("stpm", "STPM_{50%}")

let protocol shots =
    EvaluationProtocol(
        ShotCount.Of shots,
        "first k of a seeded permutation of the sorted names",
        CheckpointRule.LastEpoch(),
        ImageScoreReducer.Maximum(),
        EvaluationSize.Original
    )

let provenance seed =
    Provenance(
        "0.1.0",
        "0c66f4d",
        false,
        ".NET 10.0.1",
        "libtorch 1.13.1",
        "Debian GNU/Linux 12",
        "a processor",
        2,
        1,
        "cpu",
        21.5,
        812_000_000L,
        Dictionary(dict [ "master", seed ]),
        "sha256:0f",
        "sha256:e3"
    )

/// 12 normal and 18 anomalous images; the better the method, the further apart their scores.
let images (method: MethodLabel) (category: string) (shots: int) (seed: int64) =
    let stream = MasterSeed(seed).Stream("scores", $"{method.Name}/{category}/{shots}")
    let distance = (if method = falcon then 1.6 else 1.2) + 0.25 * float shots

    [| for i in 0..11 -> ImageOutcome($"test/good/%03d{i}.png", "good", false, stream.NextGaussian())
       for i in 0..17 ->
           let defect = if i < 9 then "crack" else "print"
           ImageOutcome($"test/{defect}/%03d{i % 9}.png", defect, true, distance + stream.NextGaussian()) |]

let cellOf method category seed protocol (images: ImageOutcome array) =
    let ranking = ImageRanking([| for image in images -> image.Score |], [| for image in images -> image.IsAnomalous |])

    CellResult(
        method,
        "MVTec AD",
        category,
        seed,
        protocol,
        [| for metric in [ Metric.ImageAuroc; Metric.ImageAp; Metric.ImageF1Max ] -> MetricValue(metric, metric.Of(ranking, null)) |],
        images,
        Timings(1.0, 18.0, 2.0, 0.5),
        provenance seed
    )

let cell method category shots seed = cellOf method category seed (protocol shots) (images method category shots seed)

/// Two methods at two numbers of shots, three seeds, two categories.
let cells =
    [| for method in [ falcon; stpm ] do
           for shots in [ 2; 5 ] do
               for category in [ "bottle"; "metal_nut" ] do
                   for seed in [ 0L .. 2L ] -> cell method category shots seed |]
