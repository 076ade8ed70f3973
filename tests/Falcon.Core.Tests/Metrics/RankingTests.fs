module Falcon.Core.Tests.RankingTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open Falcon
open Falcon.Metrics

let private ranking (items: (float * bool) list) = ImageRanking(List.map fst items, List.map snd items)

/// Items of both classes, with few distinct scores so that ties are common.
let private items =
    gen {
        let! normal = Gen.nonEmptyListOf (Gen.choose (0, 12))
        let! anomalous = Gen.nonEmptyListOf (Gen.choose (3, 15))
        let all = List.map (fun n -> float n / 8.0, false) normal @ List.map (fun n -> float n / 8.0, true) anomalous
        let! order = Gen.shuffle all
        return List.ofArray order
    }

let private forAll (property: (float * bool) list -> unit) =
    Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess true, Prop.forAll (Arb.fromGen items) property)

let private near (expected: float) (actual: Nullable<float>) = Assert.Equal(expected, actual.Value, 1e-12)

[<Fact>]
let ``AUROC, average precision and F1-max equal their definitions, ties included`` () =
    forAll (fun items ->
        let ranking = ranking items
        near (MetricOracles.auroc items) ranking.Auroc
        near (MetricOracles.averagePrecision items) ranking.AveragePrecision
        let value, threshold = MetricOracles.f1Max items
        Assert.Equal(value, ranking.F1Max.Value.Value, 1e-12)
        Assert.Equal(threshold, ranking.F1Max.Value.Threshold))

[<Fact>]
let ``a strictly increasing transformation of the scores changes no metric`` () =
    forAll (fun items ->
        let before = ranking items
        let after = items |> List.map (fun (score, label) -> exp (3.0 * score) - 7.0, label) |> ranking
        Assert.Equal(before.Auroc, after.Auroc)
        Assert.Equal(before.AveragePrecision, after.AveragePrecision)
        Assert.Equal(before.F1Max.Value.Value, after.F1Max.Value.Value))

[<Fact>]
let ``the order in which items are given changes no metric`` () =
    forAll (fun items ->
        let before, after = ranking items, ranking (List.rev items)
        Assert.Equal(before.Auroc, after.Auroc)
        Assert.Equal(before.AveragePrecision, after.AveragePrecision)
        Assert.Equal(before.F1Max, after.F1Max))

[<Fact>]
let ``swapping the labels or negating the scores mirrors AUROC at one half`` () =
    forAll (fun items ->
        let auroc = (ranking items).Auroc.Value
        near (1.0 - auroc) (items |> List.map (fun (score, label) -> score, not label) |> ranking).Auroc
        near (1.0 - auroc) (items |> List.map (fun (score, label) -> -score, label) |> ranking).Auroc)

[<Fact>]
let ``constant scores give AUROC one half and the share of anomalous items as average precision`` () =
    forAll (fun items ->
        let constant = items |> List.map (fun (_, label) -> 0.25, label) |> ranking
        Assert.Equal(Nullable 0.5, constant.Auroc)
        near (float constant.Positives / float items.Length) constant.AveragePrecision)

[<Fact>]
let ``the area under the ROC curve is AUROC, with and without collinear points`` () =
    let area (curve: RocCurve) =
        Seq.zip curve.FalsePositiveRates curve.TruePositiveRates
        |> Seq.pairwise
        |> Seq.sumBy (fun ((x0, y0), (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)

    forAll (fun items ->
        let ranking = ranking items
        let full, short = nonNull (ranking.Roc(dropCollinear = false)), nonNull (ranking.Roc())
        near (area full) ranking.Auroc
        near (area short) ranking.Auroc
        Assert.Equal(1 + (items |> List.distinctBy fst).Length, full.Thresholds.Count)
        Assert.True(short.Thresholds.Count <= full.Thresholds.Count)

        for point in 0 .. full.Thresholds.Count - 1 do
            let struct (low, high) = short.At full.FalsePositiveRates[point]
            Assert.InRange(full.TruePositiveRates[point], low - 1e-12, high + 1e-12))

[<Fact>]
let ``the ROC curve of a worked example`` () =
    let curve = nonNull ((ranking [ 0.1, false; 0.4, false; 0.35, true; 0.8, true ]).Roc())
    Assert.Equal<float seq>([ 0.0; 0.0; 0.5; 0.5; 1.0 ], curve.FalsePositiveRates)
    Assert.Equal<float seq>([ 0.0; 0.5; 0.5; 1.0; 1.0 ], curve.TruePositiveRates)
    Assert.Equal<float seq>([ infinity; 0.8; 0.4; 0.35; 0.1 ], curve.Thresholds)
    Assert.Equal(struct (0.5, 1.0), curve.At 0.5)
    Assert.Equal(struct (0.5, 0.5), curve.At 0.25)

[<Fact>]
let ``the precision-recall curve of a worked example`` () =
    let curve = nonNull ((ranking [ 0.1, false; 0.4, false; 0.35, true; 0.8, true ]).PrecisionRecall())
    Assert.Equal<float seq>([ 0.5; 0.5; 1.0; 1.0 ], curve.Recalls)
    Assert.Equal<float seq>([ 1.0; 0.5; 2.0 / 3.0; 0.5 ], curve.Precisions)
    Assert.Equal<float seq>([ 0.8; 0.4; 0.35; 0.1 ], curve.Thresholds)

[<Theory>]
[<InlineData(true, 3)>]
[<InlineData(false, 3)>]
[<InlineData(false, 0)>]
let ``with one class only, or nothing, every metric and curve is undefined`` (label: bool, count: int) =
    let ranking = ranking [ for i in 1..count -> float i, label ]
    Assert.False ranking.IsDefined
    Assert.False ranking.Auroc.HasValue
    Assert.False ranking.AveragePrecision.HasValue
    Assert.False ranking.F1Max.HasValue
    Assert.Null(ranking.Roc())
    Assert.Null(ranking.PrecisionRecall())

[<Theory>]
[<InlineData(Double.NaN)>]
[<InlineData(Double.PositiveInfinity)>]
[<InlineData(Double.NegativeInfinity)>]
let ``a score that is not a finite number is refused by its place`` (score: float) =
    let error = Assert.Throws<InvalidInputException>(fun () -> ranking [ 0.5, true; score, false ] |> ignore)
    Assert.Contains("score 2 of 2", error.Message)

[<Fact>]
let ``scores and labels of different number are refused`` () =
    Assert.Throws<InvalidInputException>(fun () -> ImageRanking([ 1.0; 2.0 ], [ true ]) |> ignore) |> ignore

[<Fact>]
let ``image metrics agree with scikit-learn to one part in a billion`` () =
    for case in Reference.cases () do
        let ranking = ImageRanking(Array.map float case.Scores, case.Labels)
        Assert.Equal(case.Auroc, ranking.Auroc.Value, 1e-9)
        Assert.Equal(case.AveragePrecision, ranking.AveragePrecision.Value, 1e-9)
        Assert.Equal(case.F1Max, ranking.F1Max.Value.Value, 1e-9)

[<Fact>]
let ``AUPIMO is named with its limits, which may be left out when they are the usual ones`` () =
    Assert.Equal("aupimo@1e-5..1e-4", Metric.Aupimo().Name)
    Assert.Equal(Metric.Aupimo(), Metric.Parse "aupimo")
    Assert.Contains("from 1e-5 to 1e-4", Metric.Aupimo().Variant)

[<Fact>]
let ``a metric is read back from its name, and an unknown one is refused with those known`` () =
    for metric in
        [ Metric.ImageAuroc
          Metric.ImageAp
          Metric.ImageF1Max
          Metric.PixelAuroc
          Metric.PixelAp
          Metric.PixelF1Max
          Metric.Aupro 0.3
          Metric.Aupro 0.05
          Metric.RegionOverlap()
          Metric.RegionOverlap -0.25
          Metric.Aupimo()
          Metric.Aupimo(1e-6, 1e-3) ] do
        Assert.Equal(metric, Metric.Parse metric.Name)

    for name in
        [ "auroc"
          "aupro"
          "aupro@0"
          "aupro@2"
          "imageAuroc@0.3"
          "aupimo@1e-4..1e-5"
          "aupimo@0..1e-4"
          "aupimo@1e-5"
          "regionOverlap@x"
          "aupro@0.3@1"
          "" ] do
        let error = Assert.Throws<InvalidInputException>(fun () -> Metric.Parse name |> ignore)
        Assert.Contains("imageAuroc", error.Message)
