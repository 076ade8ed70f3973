module Falcon.Reports.Tests.StatisticsTests

open System
open System.IO
open System.Text.Json
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

/// Figures of SciPy, stored by reference/statistics.py with the version that made them.
let private reference (name: string) =
    use document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", "statistics.json")))

    document.RootElement.GetProperty(name).Clone()

let private cases name = [ for case in (reference name).EnumerateArray() -> case ]

let private number (name: string) (case: JsonElement) = case.GetProperty(name).GetDouble()

let private numbers (name: string) (case: JsonElement) = [| for value in case.GetProperty(name).EnumerateArray() -> value.GetDouble() |]

let private labels (case: JsonElement) = numbers "labels" case |> Array.map (fun label -> label = 1.0)

let private differences case = Array.map2 (-) (numbers "first" case) (numbers "second" case)

/// Table 6 of Demšar (JMLR 2006): AUC of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data sets. Two values that the
/// paper prints as 0.975 it ranks as different, so they differ here.
let private demsar =
    [ [ 0.763; 0.768; 0.771; 0.798 ]
      [ 0.599; 0.591; 0.590; 0.569 ]
      [ 0.954; 0.971; 0.968; 0.967 ]
      [ 0.628; 0.661; 0.654; 0.657 ]
      [ 0.882; 0.888; 0.886; 0.898 ]
      [ 0.936; 0.931; 0.916; 0.931 ]
      [ 0.661; 0.668; 0.609; 0.685 ]
      [ 0.583; 0.583; 0.563; 0.625 ]
      [ 0.775; 0.838; 0.866; 0.875 ]
      [ 1.000; 1.000; 1.000; 1.000 ]
      [ 0.940; 0.962; 0.965; 0.962 ]
      [ 0.619; 0.666; 0.614; 0.669 ]
      [ 0.972; 0.981; 0.97501; 0.975 ]
      [ 0.957; 0.978; 0.946; 0.970 ] ]

let private table (rows: float list list) : Collections.Generic.IReadOnlyList<Collections.Generic.IReadOnlyList<float>> =
    [| for row in rows -> Array.ofList row |]

[<Tests>]
let tests =
    testList
        "Statistics"
        [ test "the signed-rank test agrees with SciPy, exact and approximate, with and without ties and zeros" {
              for case in cases "wilcoxon" do
                  Expect.floatClose
                      (within 1e-9)
                      (WilcoxonSignedRank.Of(differences case)).PValue
                      (number "p" case)
                      "p value of wilcoxon signed rank differences case"
          }
          test "with tied differences the p-value is that of listing every pattern of signs" {
              for case in cases "permutation" do
                  Expect.floatClose
                      (within 1e-12)
                      (WilcoxonSignedRank.Of(numbers "differences" case)).PValue
                      (number "p" case)
                      "p value of wilcoxon signed rank numbers differences case"
          }
          test "the rank sums of Demšar's worked example, with its two zero differences split" {
              let test = WilcoxonSignedRank.Of [| for row in demsar -> Math.Round(row[1] - row[0], 3) |]
              Expect.equal (test.Positive, test.Negative) (93.0, 12.0) "test positive negative"
              Expect.isBetween test.PValue 0.001 0.02 "p value of test"
              Expect.floatClose (within 1e-12) test.RankBiserial ((93.0 - 12.0) / 105.0) "rank biserial of test"
          }
          test "no differences at all are no evidence" {
              let test = WilcoxonSignedRank.Of [| 0.0; 0.0; 0.0 |]
              Expect.equal (test.PValue, test.RankBiserial) (1.0, 0.0) "test p value rank biserial"
              Expect.equal (WilcoxonSignedRank.Of [||]).PValue 1.0 "p value of wilcoxon signed rank"
          }
          test "the signed-rank test does not depend on order, and exchanging the methods changes the sign only" {
              for case in cases "wilcoxon" do
                  let given = differences case
                  let test, exchanged = WilcoxonSignedRank.Of given, WilcoxonSignedRank.Of(Array.map (~-) given)
                  Expect.equal (WilcoxonSignedRank.Of(Array.rev given)) test "wilcoxon signed rank given"
                  Expect.equal exchanged.PValue test.PValue "p value of exchanged"
                  Expect.equal exchanged.RankBiserial (-test.RankBiserial) "rank biserial of exchanged"
          }
          test "Holm's correction of a worked example keeps the order given" {
              let adjusted = Holm.Adjust [| 0.01; 0.04; 0.03; 0.005 |]

              Seq.iter2
                  (fun (expected: float) found -> Expect.floatClose (within 1e-12) found expected "found")
                  [ 0.03; 0.06; 0.06; 0.02 ]
                  adjusted

              Expect.sequenceEqual (Holm.Adjust [| 0.9; 0.6 |]) [ 1.0; 1.0 ] "adjust 0.9 0.6"
              Expect.isEmpty (Holm.Adjust [||]) "adjust"
          }
          test "Friedman's test agrees with SciPy, ties included" {
              for case in cases "friedman" do
                  let rows =
                      [ for row in case.GetProperty("values").EnumerateArray() -> [ for value in row.EnumerateArray() -> value.GetDouble() ] ]

                  let test = FriedmanTest.Of(table rows)
                  Expect.floatClose (within 1e-9) test.Statistic (number "statistic" case) "statistic of test"
                  Expect.floatClose (within 1e-9) test.PValue (number "p" case) "p value of test"
          }
          test "mean ranks, critical differences and groups of Demšar's worked example" {
              let test = FriedmanTest.Of(table demsar)

              Seq.iter2
                  (fun (expected: float) found -> Expect.floatClose (within 5e-4) found expected "found")
                  [ 3.143; 2.000; 2.893; 1.964 ]
                  test.MeanRanks

              Expect.floatClose (within 5e-3) (test.CriticalDifference 0.05) 1.25 "test critical difference 0.05"
              Expect.floatClose (within 5e-3) (test.CriticalDifference 0.10) 1.12 "test critical difference 0.10"
              Expect.equal [ for group in test.Alike 0.05 -> List.ofSeq group ] [ [ 3; 1; 2; 0 ] ] "group"
              Expect.equal [ for group in test.Alike 0.10 -> List.ofSeq group ] [ [ 3; 1; 2 ]; [ 2; 0 ] ] "group"
          }
          test "equal methods have equal ranks and no evidence against that" {
              let test = FriedmanTest.Of(table [ [ 1.0; 1.0; 1.0 ]; [ 2.0; 2.0; 2.0 ] ])
              Expect.sequenceEqual test.MeanRanks [ 2.0; 2.0; 2.0 ] "mean ranks of test"
              Expect.equal (test.Statistic, test.PValue) (0.0, 1.0) "test statistic p value"
          }
          test "Nemenyi's critical values agree with SciPy's studentized range" {
              for case in cases "nemenyi" do
                  let methods = int (number "methods" case)
                  // With methods (methods + 1) / 6 data sets the critical difference is the critical value itself, but for the number of
                  // rows.
                  let rows = [ for _ in 1..6 -> [ for m in 1..methods -> float m ] ]
                  let found = (FriedmanTest.Of(table rows)).CriticalDifference(number "level" case)

                  Expect.floatClose
                      (within 1e-6)
                      (found / sqrt (float (methods * (methods + 1)) / 36.0))
                      (number "q" case)
                      "found sqrt methods 1 36.0"
          }
          test "DeLong's variances and test agree with the definition pair by pair" {
              for case in cases "delong" do
                  let of' name = DeLong.Of(numbers name case, labels case)
                  let first, second = of' "first", of' "second"

                  Seq.iter2
                      (fun (expected: float) found -> Expect.floatClose (within 1e-12) found expected "found")
                      (numbers "auroc" case)
                      [ first.Auroc; second.Auroc ]

                  Seq.iter2
                      (fun (expected: float) found -> Expect.floatClose (within 1e-12) found expected "found")
                      (numbers "variance" case)
                      [ first.Variance; second.Variance ]

                  let struct (z, p) = first.CompareWith second
                  Expect.floatClose (within 1e-9) z (number "z" case) "statistic z"
                  Expect.floatClose (within 1e-9) p (number "p" case) "p-value"
          }
          test "DeLong's AUROC is that of the ranking, its interval lies around it, and a method does not differ from itself" {
              for cell in cells do
                  let delong = DeLong.Of([| for image in cell.Images -> image.Score |], [| for image in cell.Images -> image.IsAnomalous |])
                  Expect.floatClose (within 1e-12) delong.Auroc (cell.Ranking().Auroc.Value) "auroc of delong"
                  let interval = delong.Interval()
                  Expect.isBetween delong.Auroc interval.Low interval.High "auroc of delong"
                  Expect.isBetween interval.Low 0.0 interval.High "low of interval"
                  Expect.equal (delong.CompareWith delong) (struct (0.0, 1.0)) "delong compare with"
          }
          test "one image of a class has no variance and is refused, and so are methods that scored different images" {
              Expect.throwsT<InvalidInputException>
                  (fun () -> DeLong.Of([| 1.0; 2.0; 3.0 |], [| true; false; false |]) |> ignore)
                  "de long 1.0 is refused"

              let small = DeLong.Of([| 1.0; 2.0; 3.0; 4.0 |], [| true; false; true; false |])
              let large = DeLong.Of([| 1.0; 2.0; 3.0; 4.0; 5.0 |], [| true; false; true; false; true |])
              Expect.throwsT<InvalidInputException> (fun () -> small.CompareWith large |> ignore) "small compare with is refused"
          }
          test "a bootstrap interval agrees with SciPy's, and equal seeds give equal intervals" {
              let case = reference "bootstrap"
              let values = numbers "values" case
              let interval seed = Bootstrap.Of(values, (fun _ -> 0), (fun drawn -> Seq.average drawn), MasterSeed seed, 20000)
              let found = interval 1L
              Expect.floatClose (within 0.015) found.Low (number "low" case) "low of found"
              Expect.floatClose (within 0.015) found.High (number "high" case) "high of found"
              Expect.equal (interval 1L) found "interval"
              Expect.notEqual (interval 2L) found "interval"
          }
          test "each resample has the classes of the whole, so that a rare class never vanishes" {
              let items = [| 0.0, false; 1.0, false; 2.0, true |]

              let interval = Bootstrap.Of(items, snd, (fun drawn -> drawn |> Seq.filter snd |> Seq.length |> float), MasterSeed 3L, 200)

              Expect.equal interval (Interval(1.0, 1.0, 0.95)) "interval"
          }
          test "the bootstrap interval of a cell lies about DeLong's, and one class alone has none" {
              let cell = cells[0]
              let resampled = Bootstrap.Of(cell, Metric.ImageAuroc, MasterSeed 1L) |> _.Value
              let delong = DeLong.Of([| for image in cell.Images -> image.Score |], [| for image in cell.Images -> image.IsAnomalous |])
              Expect.floatClose (within 0.05) resampled.Low (delong.Interval().Low) "low of resampled"
              Expect.floatClose (within 0.05) resampled.High (delong.Interval().High) "high of resampled"
              let normal = images falcon "screw" 2 0L |> Array.filter (fun image -> not image.IsAnomalous)

              Expect.isFalse
                  (Bootstrap.Of(cellOf falcon "screw" 0L (protocol 2) normal, Metric.ImageAuroc, MasterSeed 1L)).HasValue
                  "has value of bootstrap cell of falcon screw protocol"
          }
          test "effect sizes agree with SciPy and NumPy" {
              for case in cases "effects" do
                  Expect.floatClose
                      (within 1e-12)
                      (EffectSize.CohenD(differences case)).Value
                      (number "cohen" case)
                      "cohen d differences case"

                  Expect.floatClose
                      (within 1e-12)
                      (EffectSize.CliffDelta(numbers "first" case, numbers "second" case))
                      (number "cliff" case)
                      "cliff delta numbers first case second"

              Expect.isFalse (EffectSize.CohenD [| 0.5 |]).HasValue "has value of cohen d 0.5"
              Expect.isFalse (EffectSize.CohenD [| 0.5; 0.5 |]).HasValue "has value of cohen d 0.5"
          }
          test "two contenders are compared over the categories and seeds that both have" {
              let kept = cells |> Array.filter (fun cell -> not (cell.Method = stpm && cell.Category = "bottle" && cell.Seed = 1L))
              let set = CellSet kept
              let of' method = set.Contenders |> Seq.find (fun c -> c.Method = method && c.Shots = ShotCount.Of 2)
              let found = PairedComparison.Of(set, of' falcon, of' stpm, Metric.ImageAuroc) |> nonNull
              Expect.equal found.Differences.Count 5 "number of found differences"
              Expect.equal found.Test (WilcoxonSignedRank.Of found.Differences) "test of found"
              Expect.isNull (PairedComparison.Of(set, of' falcon, of' stpm, Metric.PixelAuroc)) "paired comparison of falcon stpm pixel"
          } ]
