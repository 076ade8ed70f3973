module Falcon.Core.Tests.PixelRankingTests

open System
open System.Collections.Generic
open Expecto
open Falcon.Tests
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

let private forAll (property: Map list -> unit) = Prop.forAll (Arb.fromGen maps) property

let private near (expected: float) (actual: Nullable<float>) = Expect.floatClose (within 1e-12) actual.Value expected "actual"

/// Normal maps of 64 × 64 to 90 × 90 pixels and a few anomalous ones, with ties at every level: rates down to 1e-5 are reached by single
/// pixels.
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

[<Tests>]
let tests =
    testList
        "Pixel ranking"
        [ testProperty
              "pixel metrics equal their definitions, ties included"
              (forAll (fun maps ->
                  let pixels, ranking = pixels maps, ranking maps
                  near (MetricOracles.auroc pixels) ranking.Auroc
                  near (MetricOracles.averagePrecision pixels) ranking.AveragePrecision
                  let value, threshold = MetricOracles.f1Max pixels
                  Expect.floatClose (within 1e-12) ranking.F1Max.Value.Value value "ranking F1 max"
                  Expect.equal ranking.F1Max.Value.Threshold threshold "threshold of ranking F1 max"))
          testProperty
              "AUPRO equals its definition at every limit"
              (forAll (fun maps ->
                  let plain = maps |> List.map (fun map -> map.Width, map.Scores, map.Mask)
                  let ranking = ranking maps

                  for limit in [ 0.05; 0.3; 1.0 ] do
                      near (MetricOracles.aupro limit plain) (ranking.Aupro limit)))
          testProperty
              "the overlap of each region at a threshold equals its definition, also between two scores and at the best F1 score"
              (forAll (fun maps ->
                  let plain = maps |> List.map (fun map -> map.Width, map.Scores, map.Mask)
                  let ranking = ranking maps

                  for threshold in [ -1.0; 0.0; 0.1; 0.05; 1e9; ranking.F1Max.Value.Threshold ] do
                      Expect.sequenceEqual
                          (ranking.RegionOverlaps threshold)
                          (MetricOracles.regionOverlaps threshold plain)
                          "ranking region overlaps threshold"

                  let best = MetricOracles.regionOverlaps ranking.F1Max.Value.Threshold plain
                  near (List.average best) (ranking.RegionOverlap())))
          testProperty
              "the per-region overlap curve climbs from nothing to everything over AUPRO as its area"
              (forAll (fun maps ->
                  let ranking = ranking maps
                  let curve = nonNull (ranking.RegionOverlapCurve())
                  let points = Seq.zip curve.FalsePositiveRates curve.Overlaps
                  near (points |> Seq.pairwise |> Seq.sumBy (fun ((x0, y0), (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)) (ranking.Aupro 1.0)
                  Expect.equal (Seq.head points) (0.0, 0.0) "points"
                  Expect.floatClose (within 1e-12) (curve.At 1.0) 1.0 "curve at 1.0"

                  for x, y in points do
                      Expect.isBetween (curve.At x) (y - 1e-12) (1.0 + 1e-12) "curve at x"))
          testPropertyWithConfig
              { FsCheckConfig.defaultConfig with maxTest = 6 }
              "AUPIMO of each image equals its definition, whatever is dropped of the normal images' scores"
              (Prop.forAll (Arb.fromGen largeMaps) (fun maps ->
                  let plain = maps |> List.map (fun map -> map.Width, map.Scores, map.Mask)
                  let ranking = ranking maps

                  for low, high in [ 1e-5, 1e-4; 1e-4, 1e-3; 2e-4, 3e-4 ] do
                      let expected = MetricOracles.aupimo low high plain
                      let found = ranking.ImageOverlaps(low, high)
                      Expect.equal found.Count expected.Length "number of found"

                      Seq.iter2
                          (fun expected (found: ImageOverlap) -> Expect.floatClose (within 1e-9) found.Value expected "found")
                          expected
                          found

                      near (List.average expected) (ranking.Aupimo(low, high))))
          test "AUPIMO is 1 above all normal pixels, 0 among them, and the share of the logarithm in between" {
              let normal = { Width = 1000; Scores = Array.init 100000 (fun i -> float32 (i + 1)); Mask = Array.create 100000 false }
              let image score = { Width = 1; Scores = [| score; -1.0f |]; Mask = [| true; false |] }
              let value score = (ranking [ normal; image score ]).Aupimo() |> _.Value
              Expect.equal (value 1e6f) 1.0 "AUPIMO far above"
              Expect.equal (value 100000.0f) 1.0 "AUPIMO at the highest normal score"
              Expect.floatClose (within 1e-12) (value 99999.0f) (log (1e-4 / 2e-5) / log 10.0) "AUPIMO below one pixel"
              Expect.floatClose (within 1e-12) (value 99991.0f) 0.0 "AUPIMO below ten pixels"
              Expect.equal (value 5.0f) 0.0 "AUPIMO among them"
          }
          test "AUPIMO is undefined without normal images and without anomalous pixels, and a constant map finds nothing" {
              let constant mask = { Width = 2; Scores = [| 1.0f; 1.0f |]; Mask = mask }
              Expect.isFalse ((ranking [ constant [| true; false |] ]).Aupimo()).HasValue "has value of ranking constant aupimo"
              Expect.isFalse ((ranking [ constant [| false; false |] ]).Aupimo()).HasValue "has value of ranking constant aupimo"

              Expect.equal
                  ((ranking [ constant [| true; false |]; constant [| false; false |] ]).Aupimo())
                  (Nullable 0.0)
                  "aupimo of ranking constant"

              Expect.isFalse
                  ((ranking [ constant [| false; false |] ]).RegionOverlap()).HasValue
                  "has value of ranking constant region overlap"
          }
          test "pixel metrics agree with scikit-learn to one part in a billion" {
              for case in Reference.cases () do
                  let mask = case.Labels |> Array.map (fun label -> if label then 1uy else 0uy)
                  let ranking = PixelRanking [| AnomalyMapSample("all", 5, ReadOnlyMemory case.Scores, ReadOnlyMemory mask) |]
                  Expect.floatClose (within 1e-9) ranking.Auroc.Value case.Auroc "ranking auroc"
                  Expect.floatClose (within 1e-9) ranking.AveragePrecision.Value case.AveragePrecision "ranking average precision"
                  Expect.floatClose (within 1e-9) ranking.F1Max.Value.Value case.F1Max "ranking F1 max"
          }
          testProperty
              "the regions of a mask are those found by flooding, numbered by their first pixel"
              (forAll (fun maps ->
                  for map in maps do
                      let found = MaskRegions.Of(ReadOnlySpan((sample 0 map).Mask.ToArray()), map.Width)
                      let expected = MetricOracles.regions map.Width map.Mask
                      Expect.sequenceEqual found.Areas (expected |> List.map List.length) "areas of found"

                      let pixels region =
                          [ for run in found.Runs do
                                if run.Region = region then yield! [ run.Start .. run.Start + run.Length - 1 ] ]

                      expected |> List.iteri (fun number region -> Expect.equal (pixels number) (List.sort region) "pixels number")))
          testProperty
              "a strictly increasing transformation of the maps changes no metric"
              (forAll (fun maps ->
                  let before = ranking maps

                  let after =
                      maps
                      |> List.map (fun map -> { map with Scores = map.Scores |> Array.map (fun s -> s * 0.5f + 3.0f) })
                      |> ranking

                  Expect.equal after.Auroc before.Auroc "auroc of after"
                  Expect.equal after.AveragePrecision before.AveragePrecision "average precision of after"
                  Expect.equal (after.Aupro 0.3) (before.Aupro 0.3) "after aupro 0.3"))
          testProperty
              "an image ranking over all pixels gives the same metrics and, without collinear points, the same ROC curve"
              (forAll (fun maps ->
                  let pixels, ranking = pixels maps, ranking maps
                  let all = ImageRanking(List.map fst pixels, List.map snd pixels)
                  Expect.equal ranking.Auroc all.Auroc "auroc of ranking"
                  Expect.equal ranking.F1Max all.F1Max "F1 max of ranking"
                  let expected, found = nonNull (all.Roc()), nonNull (ranking.Roc())
                  Expect.sequenceEqual found.FalsePositiveRates expected.FalsePositiveRates "false positive rates of found"
                  Expect.sequenceEqual found.TruePositiveRates expected.TruePositiveRates "true positive rates of found"))
          test "constant maps give AUROC one half and the triangle below the diagonal as AUPRO" {
              let map = { Width = 4; Scores = Array.create 16 0.5f; Mask = Array.init 16 (fun i -> i < 3) }
              near 0.5 (ranking [ map ]).Auroc
              near 0.15 ((ranking [ map ]).Aupro 0.3)
          }
          test "both zeros are one score" {
              let map = { Width = 2; Scores = [| 0.0f; -0.0f |]; Mask = [| true; false |] }
              near 0.5 (ranking [ map ]).Auroc
          }
          test "maps without anomalous pixels, with nothing else, or none at all leave every metric undefined" {
              for maps in
                  [ []
                    [ { Width = 2; Scores = [| 1.0f; 2.0f |]; Mask = [| false; false |] } ]
                    [ { Width = 2; Scores = [| 1.0f; 2.0f |]; Mask = [| true; true |] } ] ] do
                  let ranking = ranking maps
                  Expect.isFalse ranking.Auroc.HasValue "has value of ranking auroc"
                  Expect.isFalse ranking.AveragePrecision.HasValue "has value of ranking average precision"
                  Expect.isFalse ranking.F1Max.HasValue "has value of ranking F1 max"
                  Expect.isFalse (ranking.Aupro 0.3).HasValue "has value of ranking aupro 0.3"
                  Expect.isNull (ranking.Roc()) "roc of ranking"
          }
          test "an empty mask means a normal image" {
              let anomalous = { Width = 2; Scores = [| 1.0f; 0.0f |]; Mask = [| true; false |] }
              let normal = AnomalyMapSample("normal", 2, ReadOnlyMemory [| 3.0f; -1.0f |], ReadOnlyMemory.Empty)
              near (2.0 / 3.0) (PixelRanking [| sample 0 anomalous; normal |]).Auroc
          }
          testProperty
              "pixels that are not counted change nothing: maps are as good as cut"
              (Prop.forAll (Arb.fromGen (Gen.zip maps (Gen.choose (0, 3)))) (fun (maps, added) ->
                  let widened map =
                      let row (values: 'Value array) other =
                          [| for y in 0 .. values.Length / map.Width - 1 do
                                 yield! values[y * map.Width .. (y + 1) * map.Width - 1]
                                 yield! Array.replicate added other |]

                      let mask = row (Array.map (fun anomalous -> if anomalous then 255uy else 0uy) map.Mask) 255uy
                      let inside = row (Array.create map.Mask.Length 1uy) 0uy

                      AnomalyMapSample(
                          "",
                          map.Width + added,
                          ReadOnlyMemory(row map.Scores 1000.0f),
                          ReadOnlyMemory mask,
                          ReadOnlyMemory inside
                      )

                  let cut, counted = ranking maps, PixelRanking(maps |> List.map widened |> Array.ofList)

                  let figures (ranking: PixelRanking) =
                      ranking.Auroc, ranking.AveragePrecision, ranking.Aupro 0.3, ranking.Aupimo(1e-5, 1e-3), ranking.Regions

                  Expect.equal (figures counted) (figures cut) "figures"))
          test "each map is asked for twice, so that maps on disk need not be kept" {
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
              Expect.sequenceEqual asked [ 0; 1; 0; 1 ] "asked"
          }
          test "every map with a mask of another size or with a score that is no number is named at once" {
              let map name scores mask = AnomalyMapSample(name, 2, ReadOnlyMemory(Array.ofList scores), ReadOnlyMemory(Array.ofList mask))

              let error =
                  raised<InvalidInputException>(fun () ->
                      PixelRanking
                          [| map "small mask" [ 1.0f; 2.0f ] [ 1uy ]
                             map "fine" [ 1.0f; 2.0f ] [ 1uy; 0uy ]
                             map "diverged" [ 1.0f; nanf ] [ 1uy; 0uy ]
                             map "endless" [ infinityf; 0.0f ] []
                             map "ragged" [ 1.0f; 2.0f; 3.0f ] [] |]
                      |> ignore)

              Expect.sequenceEqual (error.Findings |> Seq.map _.Where) [ "small mask"; "diverged"; "endless"; "ragged" ] "where of error"
          }
          test "the stored figures of all eight metrics are met within one millionth" {
              let results = MetricsParity().Replay(Fixtures.require [ "parity"; "metrics" ]) |> List.ofSeq
              Expect.equal results.Length (4 * 8) "number of results"
              Expect.isEmpty (results |> List.filter (fun result -> not result.Passed)) "results"
          } ]
