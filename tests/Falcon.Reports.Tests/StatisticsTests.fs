module Falcon.Reports.Tests.StatisticsTests

open System
open System.IO
open System.Text.Json
open Xunit
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

[<Fact>]
let ``the signed-rank test agrees with SciPy, exact and approximate, with and without ties and zeros`` () =
    for case in cases "wilcoxon" do
        Assert.Equal(number "p" case, (WilcoxonSignedRank.Of(differences case)).PValue, 1e-9)

[<Fact>]
let ``with tied differences the p-value is that of listing every pattern of signs`` () =
    for case in cases "permutation" do
        Assert.Equal(number "p" case, (WilcoxonSignedRank.Of(numbers "differences" case)).PValue, 1e-12)

[<Fact>]
let ``the rank sums of Demšar's worked example, with its two zero differences split`` () =
    let test = WilcoxonSignedRank.Of [| for row in demsar -> Math.Round(row[1] - row[0], 3) |]
    Assert.Equal((93.0, 12.0), (test.Positive, test.Negative))
    Assert.InRange(test.PValue, 0.001, 0.02)
    Assert.Equal((93.0 - 12.0) / 105.0, test.RankBiserial, 1e-12)

[<Fact>]
let ``no differences at all are no evidence`` () =
    let test = WilcoxonSignedRank.Of [| 0.0; 0.0; 0.0 |]
    Assert.Equal((1.0, 0.0), (test.PValue, test.RankBiserial))
    Assert.Equal(1.0, (WilcoxonSignedRank.Of [||]).PValue)

[<Fact>]
let ``the signed-rank test does not depend on order, and exchanging the methods changes the sign only`` () =
    for case in cases "wilcoxon" do
        let given = differences case
        let test, exchanged = WilcoxonSignedRank.Of given, WilcoxonSignedRank.Of(Array.map (~-) given)
        Assert.Equal(test, WilcoxonSignedRank.Of(Array.rev given))
        Assert.Equal(test.PValue, exchanged.PValue)
        Assert.Equal(-test.RankBiserial, exchanged.RankBiserial)

[<Fact>]
let ``Holm's correction of a worked example keeps the order given`` () =
    let adjusted = Holm.Adjust [| 0.01; 0.04; 0.03; 0.005 |]
    Seq.iter2 (fun (expected: float) found -> Assert.Equal(expected, found, 1e-12)) [ 0.03; 0.06; 0.06; 0.02 ] adjusted
    Assert.Equal<float seq>([ 1.0; 1.0 ], Holm.Adjust [| 0.9; 0.6 |])
    Assert.Empty(Holm.Adjust [||])

[<Fact>]
let ``Friedman's test agrees with SciPy, ties included`` () =
    for case in cases "friedman" do
        let rows =
            [ for row in case.GetProperty("values").EnumerateArray() -> [ for value in row.EnumerateArray() -> value.GetDouble() ] ]

        let test = FriedmanTest.Of(table rows)
        Assert.Equal(number "statistic" case, test.Statistic, 1e-9)
        Assert.Equal(number "p" case, test.PValue, 1e-9)

[<Fact>]
let ``mean ranks, critical differences and groups of Demšar's worked example`` () =
    let test = FriedmanTest.Of(table demsar)
    Seq.iter2 (fun (expected: float) found -> Assert.Equal(expected, found, 5e-4)) [ 3.143; 2.000; 2.893; 1.964 ] test.MeanRanks
    Assert.Equal(1.25, test.CriticalDifference 0.05, 5e-3)
    Assert.Equal(1.12, test.CriticalDifference 0.10, 5e-3)
    Assert.Equal<int list list>([ [ 3; 1; 2; 0 ] ], [ for group in test.Alike 0.05 -> List.ofSeq group ])
    Assert.Equal<int list list>([ [ 3; 1; 2 ]; [ 2; 0 ] ], [ for group in test.Alike 0.10 -> List.ofSeq group ])

[<Fact>]
let ``equal methods have equal ranks and no evidence against that`` () =
    let test = FriedmanTest.Of(table [ [ 1.0; 1.0; 1.0 ]; [ 2.0; 2.0; 2.0 ] ])
    Assert.Equal<float seq>([ 2.0; 2.0; 2.0 ], test.MeanRanks)
    Assert.Equal((0.0, 1.0), (test.Statistic, test.PValue))

[<Fact>]
let ``Nemenyi's critical values agree with SciPy's studentized range`` () =
    for case in cases "nemenyi" do
        let methods = int (number "methods" case)
        // With methods (methods + 1) / 6 data sets the critical difference is the critical value itself, but for the number of rows.
        let rows = [ for _ in 1..6 -> [ for m in 1..methods -> float m ] ]
        let found = (FriedmanTest.Of(table rows)).CriticalDifference(number "level" case)
        Assert.Equal(number "q" case, found / sqrt (float (methods * (methods + 1)) / 36.0), 1e-6)

[<Fact>]
let ``DeLong's variances and test agree with the definition pair by pair`` () =
    for case in cases "delong" do
        let of' name = DeLong.Of(numbers name case, labels case)
        let first, second = of' "first", of' "second"
        Seq.iter2 (fun (expected: float) found -> Assert.Equal(expected, found, 1e-12)) (numbers "auroc" case) [ first.Auroc; second.Auroc ]

        Seq.iter2
            (fun (expected: float) found -> Assert.Equal(expected, found, 1e-12))
            (numbers "variance" case)
            [ first.Variance; second.Variance ]

        let struct (z, p) = first.CompareWith second
        Assert.Equal(number "z" case, z, 1e-9)
        Assert.Equal(number "p" case, p, 1e-9)

[<Fact>]
let ``DeLong's AUROC is that of the ranking, its interval lies around it, and a method does not differ from itself`` () =
    for cell in cells do
        let delong = DeLong.Of([| for image in cell.Images -> image.Score |], [| for image in cell.Images -> image.IsAnomalous |])
        Assert.Equal(cell.Ranking().Auroc.Value, delong.Auroc, 1e-12)
        let interval = delong.Interval()
        Assert.InRange(delong.Auroc, interval.Low, interval.High)
        Assert.InRange(interval.Low, 0.0, interval.High)
        Assert.Equal(struct (0.0, 1.0), delong.CompareWith delong)

[<Fact>]
let ``one image of a class has no variance and is refused, and so are methods that scored different images`` () =
    Assert.Throws<InvalidInputException>(fun () -> DeLong.Of([| 1.0; 2.0; 3.0 |], [| true; false; false |]) |> ignore)
    |> ignore

    let small = DeLong.Of([| 1.0; 2.0; 3.0; 4.0 |], [| true; false; true; false |])
    let large = DeLong.Of([| 1.0; 2.0; 3.0; 4.0; 5.0 |], [| true; false; true; false; true |])
    Assert.Throws<InvalidInputException>(fun () -> small.CompareWith large |> ignore) |> ignore

[<Fact>]
let ``a bootstrap interval agrees with SciPy's, and equal seeds give equal intervals`` () =
    let case = reference "bootstrap"
    let values = numbers "values" case
    let interval seed = Bootstrap.Of(values, (fun _ -> 0), (fun drawn -> Seq.average drawn), MasterSeed seed, 20000)
    let found = interval 1L
    Assert.Equal(number "low" case, found.Low, 0.015)
    Assert.Equal(number "high" case, found.High, 0.015)
    Assert.Equal(found, interval 1L)
    Assert.NotEqual(found, interval 2L)

[<Fact>]
let ``each resample has the classes of the whole, so that a rare class never vanishes`` () =
    let items = [| 0.0, false; 1.0, false; 2.0, true |]

    let interval = Bootstrap.Of(items, snd, (fun drawn -> drawn |> Seq.filter snd |> Seq.length |> float), MasterSeed 3L, 200)

    Assert.Equal(Interval(1.0, 1.0, 0.95), interval)

[<Fact>]
let ``the bootstrap interval of a cell lies about DeLong's, and one class alone has none`` () =
    let cell = cells[0]
    let resampled = Bootstrap.Of(cell, Metric.ImageAuroc, MasterSeed 1L) |> _.Value
    let delong = DeLong.Of([| for image in cell.Images -> image.Score |], [| for image in cell.Images -> image.IsAnomalous |])
    Assert.Equal(delong.Interval().Low, resampled.Low, 0.05)
    Assert.Equal(delong.Interval().High, resampled.High, 0.05)
    let normal = images falcon "screw" 2 0L |> Array.filter (fun image -> not image.IsAnomalous)
    Assert.False((Bootstrap.Of(cellOf falcon "screw" 0L (protocol 2) normal, Metric.ImageAuroc, MasterSeed 1L)).HasValue)

[<Fact>]
let ``effect sizes agree with SciPy and NumPy`` () =
    for case in cases "effects" do
        Assert.Equal(number "cohen" case, (EffectSize.CohenD(differences case)).Value, 1e-12)
        Assert.Equal(number "cliff" case, EffectSize.CliffDelta(numbers "first" case, numbers "second" case), 1e-12)

    Assert.False((EffectSize.CohenD [| 0.5 |]).HasValue)
    Assert.False((EffectSize.CohenD [| 0.5; 0.5 |]).HasValue)

[<Fact>]
let ``two contenders are compared over the categories and seeds that both have`` () =
    let kept = cells |> Array.filter (fun cell -> not (cell.Method = stpm && cell.Category = "bottle" && cell.Seed = 1L))
    let set = CellSet kept
    let of' method = set.Contenders |> Seq.find (fun c -> c.Method = method && c.Shots = ShotCount.Of 2)
    let found = PairedComparison.Of(set, of' falcon, of' stpm, Metric.ImageAuroc) |> nonNull
    Assert.Equal(5, found.Differences.Count)
    Assert.Equal(WilcoxonSignedRank.Of found.Differences, found.Test)
    Assert.Null(PairedComparison.Of(set, of' falcon, of' stpm, Metric.PixelAuroc))
