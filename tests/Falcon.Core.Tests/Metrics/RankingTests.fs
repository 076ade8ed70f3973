module Falcon.Core.Tests.RankingTests

open System
open Expecto
open Falcon.Tests
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

let private forAll (property: (float * bool) list -> unit) = Prop.forAll (Arb.fromGen items) property

let private near (expected: float) (actual: Nullable<float>) = Expect.floatClose (within 1e-12) actual.Value expected "actual"

[<Tests>]
let tests =
    testList
        "Image ranking"
        [ testProperty
              "AUROC, average precision and F1-max equal their definitions, ties included"
              (forAll (fun items ->
                  let ranking = ranking items
                  near (MetricOracles.auroc items) ranking.Auroc
                  near (MetricOracles.averagePrecision items) ranking.AveragePrecision
                  let value, threshold = MetricOracles.f1Max items
                  Expect.floatClose (within 1e-12) ranking.F1Max.Value.Value value "ranking F1 max"
                  Expect.equal ranking.F1Max.Value.Threshold threshold "threshold of ranking F1 max"))
          testProperty
              "a strictly increasing transformation of the scores changes no metric"
              (forAll (fun items ->
                  let before = ranking items
                  let after = items |> List.map (fun (score, label) -> exp (3.0 * score) - 7.0, label) |> ranking
                  Expect.equal after.Auroc before.Auroc "auroc of after"
                  Expect.equal after.AveragePrecision before.AveragePrecision "average precision of after"
                  Expect.equal after.F1Max.Value.Value before.F1Max.Value.Value "after F1 max"))
          testProperty
              "the order in which items are given changes no metric"
              (forAll (fun items ->
                  let before, after = ranking items, ranking (List.rev items)
                  Expect.equal after.Auroc before.Auroc "auroc of after"
                  Expect.equal after.AveragePrecision before.AveragePrecision "average precision of after"
                  Expect.equal after.F1Max before.F1Max "F1 max of after"))
          testProperty
              "swapping the labels or negating the scores mirrors AUROC at one half"
              (forAll (fun items ->
                  let auroc = (ranking items).Auroc.Value
                  near (1.0 - auroc) (items |> List.map (fun (score, label) -> score, not label) |> ranking).Auroc
                  near (1.0 - auroc) (items |> List.map (fun (score, label) -> -score, label) |> ranking).Auroc))
          testProperty
              "constant scores give AUROC one half and the share of anomalous items as average precision"
              (forAll (fun items ->
                  let constant = items |> List.map (fun (_, label) -> 0.25, label) |> ranking
                  Expect.equal constant.Auroc (Nullable 0.5) "auroc of constant"
                  near (float constant.Positives / float items.Length) constant.AveragePrecision))
          testProperty
              "the area under the ROC curve is AUROC, with and without collinear points"
              (forAll (fun items ->
                  let area (curve: RocCurve) =
                      Seq.zip curve.FalsePositiveRates curve.TruePositiveRates
                      |> Seq.pairwise
                      |> Seq.sumBy (fun ((x0, y0), (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)

                  let ranking = ranking items
                  let full, short = nonNull (ranking.Roc(dropCollinear = false)), nonNull (ranking.Roc())
                  near (area full) ranking.Auroc
                  near (area short) ranking.Auroc
                  Expect.equal full.Thresholds.Count (1 + (items |> List.distinctBy fst).Length) "number of full thresholds"
                  Expect.isLessThanOrEqual short.Thresholds.Count full.Thresholds.Count "number of short thresholds"

                  for point in 0 .. full.Thresholds.Count - 1 do
                      let struct (low, high) = short.At full.FalsePositiveRates[point]
                      Expect.isBetween full.TruePositiveRates[point] (low - 1e-12) (high + 1e-12) "full true positive rates point"))
          test "the ROC curve of a worked example" {
              let curve = nonNull ((ranking [ 0.1, false; 0.4, false; 0.35, true; 0.8, true ]).Roc())
              Expect.sequenceEqual curve.FalsePositiveRates [ 0.0; 0.0; 0.5; 0.5; 1.0 ] "false positive rates of curve"
              Expect.sequenceEqual curve.TruePositiveRates [ 0.0; 0.5; 0.5; 1.0; 1.0 ] "true positive rates of curve"
              Expect.sequenceEqual curve.Thresholds [ infinity; 0.8; 0.4; 0.35; 0.1 ] "thresholds of curve"
              Expect.equal (curve.At 0.5) (struct (0.5, 1.0)) "curve at 0.5"
              Expect.equal (curve.At 0.25) (struct (0.5, 0.5)) "curve at 0.25"
          }
          test "the precision-recall curve of a worked example" {
              let curve = nonNull ((ranking [ 0.1, false; 0.4, false; 0.35, true; 0.8, true ]).PrecisionRecall())
              Expect.sequenceEqual curve.Recalls [ 0.5; 0.5; 1.0; 1.0 ] "recalls of curve"
              Expect.sequenceEqual curve.Precisions [ 1.0; 0.5; 2.0 / 3.0; 0.5 ] "precisions of curve"
              Expect.sequenceEqual curve.Thresholds [ 0.8; 0.4; 0.35; 0.1 ] "thresholds of curve"
          }
          testTheory
              "with one class only, or nothing, every metric and curve is undefined"
              [ true, 3; false, 3; false, 0 ]
              (fun (label: bool, count: int) ->
                  let ranking = ranking [ for i in 1..count -> float i, label ]
                  Expect.isFalse ranking.IsDefined "ranking is defined"
                  Expect.isFalse ranking.Auroc.HasValue "has value of ranking auroc"
                  Expect.isFalse ranking.AveragePrecision.HasValue "has value of ranking average precision"
                  Expect.isFalse ranking.F1Max.HasValue "has value of ranking F1 max"
                  Expect.isNull (ranking.Roc()) "roc of ranking"
                  Expect.isNull (ranking.PrecisionRecall()) "precision recall of ranking")
          testTheory
              "a score that is not a finite number is refused by its place"
              [ Double.NaN; Double.PositiveInfinity; Double.NegativeInfinity ]
              (fun (score: float) ->
                  let error = raised<InvalidInputException>(fun () -> ranking [ 0.5, true; score, false ] |> ignore)
                  Expect.stringContains error.Message "score 2 of 2" "message of error")
          test "scores and labels of different number are refused" {
              Expect.throwsT<InvalidInputException>
                  (fun () -> ImageRanking([ 1.0; 2.0 ], [ true ]) |> ignore)
                  "image ranking 1.0 is refused"
          }
          test "image metrics agree with scikit-learn to one part in a billion" {
              for case in Reference.cases () do
                  let ranking = ImageRanking(Array.map float case.Scores, case.Labels)
                  Expect.floatClose (within 1e-9) ranking.Auroc.Value case.Auroc "ranking auroc"
                  Expect.floatClose (within 1e-9) ranking.AveragePrecision.Value case.AveragePrecision "ranking average precision"
                  Expect.floatClose (within 1e-9) ranking.F1Max.Value.Value case.F1Max "ranking F1 max"
          }
          test "AUPIMO is named with its limits, which may be left out when they are the usual ones" {
              Expect.equal (Metric.Aupimo().Name) "aupimo@1e-5..1e-4" "aupimo name"
              Expect.equal (Metric.Parse "aupimo") (Metric.Aupimo()) "parse aupimo"
              Expect.stringContains (nonNull (Metric.Aupimo().Variant)) "from 1e-5 to 1e-4" "aupimo variant"
          }
          test "a metric is read back from its name, and an unknown one is refused with those known" {
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
                  Expect.equal (Metric.Parse metric.Name) metric "parse metric name"

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
                  let error = raised<InvalidInputException>(fun () -> Metric.Parse name |> ignore)
                  Expect.stringContains error.Message "imageAuroc" "message of error"
          } ]
