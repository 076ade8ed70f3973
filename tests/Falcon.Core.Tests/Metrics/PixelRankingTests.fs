module Falcon.Core.Tests.PixelRankingTests

open System
open System.Collections.Generic
open Xunit
open FsCheck
open FsCheck.FSharp
open Falcon
open Falcon.Metrics
open Falcon.Parity

type private Map = { Width: int; Scores: float32[]; Mask: bool[] }

let private sample index map =
    let mask = map.Mask |> Array.map (fun anomalous -> if anomalous then 255uy else 0uy)
    AnomalyMapSample($"map {index}", map.Width, ReadOnlyMemory map.Scores, ReadOnlyMemory mask)

let private ranking (maps: Map list) = PixelRanking(maps |> List.mapi sample |> Array.ofList)

let private pixels (maps: Map list) =
    [ for map in maps do
          yield! Seq.zip (map.Scores |> Seq.map float) map.Mask ]

/// Small maps of various sizes with scattered and with touching anomalous pixels; scores of both signs with many ties.
let private maps =
    let map =
        gen {
            let! width = Gen.choose (1, 7)
            let! height = Gen.choose (1, 7)
            let! density = Gen.elements [ 0; 2; 5; 8 ]
            let! mask = Gen.arrayOfLength (width * height) (Gen.choose (0, 9) |> Gen.map (fun n -> n < density))
            let! levels = Gen.elements [ 1; 4; 1000 ]
            let! scores = Gen.arrayOfLength (width * height) (Gen.choose (-levels, levels))

            let lifted =
                Array.map2 (fun score anomalous -> float32 (if anomalous then score + levels / 2 else score) / 10.0f) scores mask

            return { Width = width; Scores = lifted; Mask = mask }
        }

    Gen.nonEmptyListOf map
    |> Gen.where (fun maps ->
        let labels = maps |> List.collect (fun map -> List.ofArray map.Mask)
        List.contains true labels && List.contains false labels)
    |> Gen.map (List.truncate 6)
    |> Gen.where (fun maps ->
        let labels = maps |> List.collect (fun map -> List.ofArray map.Mask)
        List.contains true labels && List.contains false labels)

let private forAll (property: Map list -> unit) =
    Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess true, Prop.forAll (Arb.fromGen maps) property)

let private near (expected: float) (actual: Nullable<float>) = Assert.Equal(expected, actual.Value, 1e-12)

[<Fact>]
let ``pixel metrics equal their definitions, ties included`` () =
    forAll (fun maps ->
        let pixels, ranking = pixels maps, ranking maps
        near (MetricOracles.auroc pixels) ranking.Auroc
        near (MetricOracles.averagePrecision pixels) ranking.AveragePrecision
        let value, threshold = MetricOracles.f1Max pixels
        Assert.Equal(value, ranking.F1Max.Value.Value, 1e-12)
        Assert.Equal(threshold, ranking.F1Max.Value.Threshold))

[<Fact>]
let ``AUPRO equals its definition at every limit`` () =
    forAll (fun maps ->
        let plain = maps |> List.map (fun map -> map.Width, map.Scores, map.Mask)
        let ranking = ranking maps

        for limit in [ 0.05; 0.3; 1.0 ] do
            near (MetricOracles.aupro limit plain) (ranking.Aupro limit))

[<Fact>]
let ``the overlap of each region at a threshold equals its definition, also between two scores and at the best F1 score`` () =
    forAll (fun maps ->
        let plain = maps |> List.map (fun map -> map.Width, map.Scores, map.Mask)
        let ranking = ranking maps

        for threshold in [ -1.0; 0.0; 0.1; 0.05; 1e9; ranking.F1Max.Value.Threshold ] do
            Assert.Equal<float seq>(MetricOracles.regionOverlaps threshold plain, ranking.RegionOverlaps threshold)

        let best = MetricOracles.regionOverlaps ranking.F1Max.Value.Threshold plain
        near (List.average best) (ranking.RegionOverlap()))

[<Fact>]
let ``the per-region overlap curve climbs from nothing to everything over AUPRO as its area`` () =
    forAll (fun maps ->
        let ranking = ranking maps
        let curve = nonNull (ranking.RegionOverlapCurve())
        let points = Seq.zip curve.FalsePositiveRates curve.Overlaps
        near (points |> Seq.pairwise |> Seq.sumBy (fun ((x0, y0), (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)) (ranking.Aupro 1.0)
        Assert.Equal((0.0, 0.0), Seq.head points)
        Assert.Equal(1.0, curve.At 1.0, 1e-12)

        for x, y in points do
            Assert.InRange(curve.At x, y - 1e-12, 1.0 + 1e-12))

/// Normal maps of 64 × 64 to 90 × 90 pixels and a few anomalous ones, with ties at every level: rates down to 1e-5 are reached by single pixels.
let private largeMaps =
    gen {
        let! normal = Gen.choose (1, 4)
        let! anomalous = Gen.choose (1, 3)
        let! levels = Gen.elements [ 20; 100000 ]

        let map isAnomalous =
            gen {
                let! width = Gen.choose (64, 90)
                let! scores = Gen.arrayOfLength (width * width) (Gen.choose (0, levels))
                let! lift = Gen.choose (0, levels)
                let mask = Array.init (width * width) (fun i -> isAnomalous && i / width < 9 && i % width < 7)

                return
                    { Width = width
                      Scores = Array.map2 (fun s a -> float32 (if a then s + lift else s)) scores mask
                      Mask = mask }
            }

        let! first = Gen.listOfLength anomalous (map true)
        let! rest = Gen.listOfLength normal (map false)
        return first @ rest
    }

[<Fact>]
let ``AUPIMO of each image equals its definition, whatever is dropped of the normal images' scores`` () =
    let property maps =
        let plain = maps |> List.map (fun map -> map.Width, map.Scores, map.Mask)
        let ranking = ranking maps

        for low, high in [ 1e-5, 1e-4; 1e-4, 1e-3; 2e-4, 3e-4 ] do
            let expected = MetricOracles.aupimo low high plain
            let found = ranking.ImageOverlaps(low, high)
            Assert.Equal(expected.Length, found.Count)
            Seq.iter2 (fun expected (found: ImageOverlap) -> Assert.Equal(expected, found.Value, 1e-9)) expected found
            near (List.average expected) (ranking.Aupimo(low, high))

    Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(6), Prop.forAll (Arb.fromGen largeMaps) property)

[<Fact>]
let ``AUPIMO is 1 above all normal pixels, 0 among them, and the share of the logarithm in between`` () =
    let normal = { Width = 1000; Scores = Array.init 100000 (fun i -> float32 (i + 1)); Mask = Array.create 100000 false }
    let image score = { Width = 1; Scores = [| score; -1.0f |]; Mask = [| true; false |] }
    let value score = (ranking [ normal; image score ]).Aupimo() |> _.Value
    Assert.Equal(1.0, value 1e6f)
    Assert.Equal(1.0, value 100000.0f)
    Assert.Equal(log (1e-4 / 2e-5) / log 10.0, value 99999.0f, 1e-12)
    Assert.Equal(0.0, value 99991.0f, 1e-12)
    Assert.Equal(0.0, value 5.0f)

[<Fact>]
let ``AUPIMO is undefined without normal images and without anomalous pixels, and a constant map finds nothing`` () =
    let constant mask = { Width = 2; Scores = [| 1.0f; 1.0f |]; Mask = mask }
    Assert.False(((ranking [ constant [| true; false |] ]).Aupimo()).HasValue)
    Assert.False(((ranking [ constant [| false; false |] ]).Aupimo()).HasValue)
    Assert.Equal(Nullable 0.0, (ranking [ constant [| true; false |]; constant [| false; false |] ]).Aupimo())
    Assert.False(((ranking [ constant [| false; false |] ]).RegionOverlap()).HasValue)

[<Fact>]
let ``pixel metrics agree with scikit-learn to one part in a billion`` () =
    for case in Reference.cases () do
        let mask = case.Labels |> Array.map (fun label -> if label then 1uy else 0uy)
        let ranking = PixelRanking [| AnomalyMapSample("all", 5, ReadOnlyMemory case.Scores, ReadOnlyMemory mask) |]
        Assert.Equal(case.Auroc, ranking.Auroc.Value, 1e-9)
        Assert.Equal(case.AveragePrecision, ranking.AveragePrecision.Value, 1e-9)
        Assert.Equal(case.F1Max, ranking.F1Max.Value.Value, 1e-9)

[<Fact>]
let ``the regions of a mask are those found by flooding, numbered by their first pixel`` () =
    forAll (fun maps ->
        for map in maps do
            let found = MaskRegions.Of(ReadOnlySpan((sample 0 map).Mask.ToArray()), map.Width)
            let expected = MetricOracles.regions map.Width map.Mask
            Assert.Equal<int seq>(expected |> List.map List.length, found.Areas)

            let pixels region =
                [ for run in found.Runs do
                      if run.Region = region then yield! [ run.Start .. run.Start + run.Length - 1 ] ]

            expected |> List.iteri (fun number region -> Assert.Equal<int list>(List.sort region, pixels number)))

[<Fact>]
let ``a strictly increasing transformation of the maps changes no metric`` () =
    forAll (fun maps ->
        let before = ranking maps

        let after =
            maps
            |> List.map (fun map -> { map with Scores = map.Scores |> Array.map (fun s -> s * 0.5f + 3.0f) })
            |> ranking

        Assert.Equal(before.Auroc, after.Auroc)
        Assert.Equal(before.AveragePrecision, after.AveragePrecision)
        Assert.Equal(before.Aupro 0.3, after.Aupro 0.3))

[<Fact>]
let ``an image ranking over all pixels gives the same metrics and, without collinear points, the same ROC curve`` () =
    forAll (fun maps ->
        let pixels, ranking = pixels maps, ranking maps
        let all = ImageRanking(List.map fst pixels, List.map snd pixels)
        Assert.Equal(all.Auroc, ranking.Auroc)
        Assert.Equal(all.F1Max, ranking.F1Max)
        let expected, found = nonNull (all.Roc()), nonNull (ranking.Roc())
        Assert.Equal<float seq>(expected.FalsePositiveRates, found.FalsePositiveRates)
        Assert.Equal<float seq>(expected.TruePositiveRates, found.TruePositiveRates))

[<Fact>]
let ``constant maps give AUROC one half and the triangle below the diagonal as AUPRO`` () =
    let map = { Width = 4; Scores = Array.create 16 0.5f; Mask = Array.init 16 (fun i -> i < 3) }
    near 0.5 (ranking [ map ]).Auroc
    near 0.15 ((ranking [ map ]).Aupro 0.3)

[<Fact>]
let ``both zeros are one score`` () =
    let map = { Width = 2; Scores = [| 0.0f; -0.0f |]; Mask = [| true; false |] }
    near 0.5 (ranking [ map ]).Auroc

[<Fact>]
let ``maps without anomalous pixels, with nothing else, or none at all leave every metric undefined`` () =
    for maps in
        [ []
          [ { Width = 2; Scores = [| 1.0f; 2.0f |]; Mask = [| false; false |] } ]
          [ { Width = 2; Scores = [| 1.0f; 2.0f |]; Mask = [| true; true |] } ] ] do
        let ranking = ranking maps
        Assert.False ranking.Auroc.HasValue
        Assert.False ranking.AveragePrecision.HasValue
        Assert.False ranking.F1Max.HasValue
        Assert.False((ranking.Aupro 0.3).HasValue)
        Assert.Null(ranking.Roc())

[<Fact>]
let ``an empty mask means a normal image`` () =
    let anomalous = { Width = 2; Scores = [| 1.0f; 0.0f |]; Mask = [| true; false |] }
    let normal = AnomalyMapSample("normal", 2, ReadOnlyMemory [| 3.0f; -1.0f |], ReadOnlyMemory.Empty)
    near (2.0 / 3.0) (PixelRanking [| sample 0 anomalous; normal |]).Auroc

[<Fact>]
let ``each map is asked for twice, so that maps on disk need not be kept`` () =
    let sample = sample 0 { Width = 2; Scores = [| 1.0f; 0.0f; 2.0f; 3.0f |]; Mask = [| true; false; false; true |] }
    let asked = ResizeArray<int>()

    let maps =
        { new IReadOnlyList<AnomalyMapSample> with
            member _.Item
                with get index =
                    asked.Add index
                    sample
          interface IReadOnlyCollection<AnomalyMapSample> with
              member _.Count = 2
          interface IEnumerable<AnomalyMapSample> with
              member _.GetEnumerator() : IEnumerator<AnomalyMapSample> = invalidOp "the list is read by index"
          interface System.Collections.IEnumerable with
              member _.GetEnumerator() : System.Collections.IEnumerator = invalidOp "the list is read by index" }

    near 0.75 (PixelRanking maps).Auroc
    Assert.Equal<int seq>([ 0; 1; 0; 1 ], asked)

[<Fact>]
let ``every map with a mask of another size or with a score that is no number is named at once`` () =
    let map name scores mask = AnomalyMapSample(name, 2, ReadOnlyMemory(Array.ofList scores), ReadOnlyMemory(Array.ofList mask))

    let error =
        Assert.Throws<InvalidInputException>(fun () ->
            PixelRanking
                [| map "small mask" [ 1.0f; 2.0f ] [ 1uy ]
                   map "fine" [ 1.0f; 2.0f ] [ 1uy; 0uy ]
                   map "diverged" [ 1.0f; nanf ] [ 1uy; 0uy ]
                   map "endless" [ infinityf; 0.0f ] []
                   map "ragged" [ 1.0f; 2.0f; 3.0f ] [] |]
            |> ignore)

    Assert.Equal<string seq>([ "small mask"; "diverged"; "endless"; "ragged" ], error.Findings |> Seq.map _.Where)

[<Fact>]
let ``the stored figures of all eight metrics are met within one millionth`` () =
    let results = MetricsParity().Replay(Fixtures.require [ "parity"; "metrics" ]) |> List.ofSeq
    Assert.Equal(4 * 8, results.Length)
    Assert.Empty(results |> List.filter (fun result -> not result.Passed))
