module Falcon.Core.Tests.Detection.RegionTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Falcon.Tests
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness

/// Small maps of few levels, so that parts touch, enclose holes and have equal peaks.
let private maps =
    gen {
        let! width = Gen.choose (1, 12)
        let! height = Gen.choose (1, 9)
        let! levels = Gen.elements [ 1; 3; 9 ]
        let! values = Gen.arrayOfLength (width * height) (Gen.choose (0, levels))
        return AnomalyMap(Array.map float32 values, width, height)
    }

let private forAll (property: AnomalyMap -> RegionSearch -> unit) =
    let search =
        gen {
            let! peakAbove = Gen.elements [ Double.NegativeInfinity; 1.5; 3.5 ]
            let! mergeWithin = Gen.choose (0, 3)
            return RegionSearch(0.5, peakAbove, MergeWithin = mergeWithin, Tolerance = 0.0)
        }

    Prop.forAll (Arb.fromGen (Gen.zip maps search)) (fun (map, search) -> property map search)

/// The regions' pixels, highest peak first, by flooding: parts above the threshold with a peak, those near each other together, without what is lower than half
/// the height of its part's peak and not as high as what is sure.
let private flooded (search: RegionSearch) (map: AnomalyMap) =
    let value pixel = float map.Values[pixel]
    let peak part = part |> List.map value |> List.max
    let usual = map.Values |> Array.sort |> Array.item (map.Values.Length / 2) |> float |> min search.Threshold
    let above = map.Values |> Array.map (fun value -> float value > search.Threshold)

    let levels =
        Map
            [ for part in MetricOracles.regions map.Width above do
                  if peak part > search.PeakAbove then
                      let half = (peak part + usual) / 2.0
                      let sure = if Double.IsFinite search.PeakAbove then 2.0 * search.PeakAbove - usual else half
                      for pixel in part -> pixel, min half sure ]

    [| for pixel in 0 .. map.Values.Length - 1 -> levels.ContainsKey pixel |]
    |> MetricOracles.regionsWithin (search.MergeWithin + 1) map.Width
    |> List.map (List.filter (fun pixel -> value pixel >= levels[pixel]) >> List.sort)
    |> List.sortBy (fun region -> -(peak region))

let private twiceArea (polygon: PixelPoint seq) =
    Seq.append (Seq.tail polygon) [ Seq.head polygon ]
    |> Seq.zip polygon
    |> Seq.sumBy (fun (a, b) -> a.X * b.Y - b.X * a.Y)

/// Whether a pixel's centre lies inside by the even-odd rule: edges to its right that cross its row.
let private covers (x, y) (outline: PixelPoint seq seq) =
    let crossings =
        Seq.sum
            [ for polygon in outline do
                  for a, b in Seq.zip polygon (Seq.append (Seq.tail polygon) [ Seq.head polygon ]) do
                      if a.X = b.X && a.X > x && min a.Y b.Y <= y && y < max a.Y b.Y then 1 ]

    crossings % 2 = 1

let private distance (point: PixelPoint) (a: PixelPoint, b: PixelPoint) =
    let dx, dy, px, py = float (b.X - a.X), float (b.Y - a.Y), float (point.X - a.X), float (point.Y - a.Y)
    let length = dx * dx + dy * dy
    let along = if length = 0.0 then 0.0 else Math.Clamp((px * dx + py * dy) / length, 0.0, 1.0)
    sqrt ((px - along * dx) ** 2.0 + (py - along * dy) ** 2.0)

let private map width (rows: string list) =
    AnomalyMap(
        [| for row in rows do
               for sign in row -> if sign = '.' then 0f else float32 (int sign - int '0') |],
        width,
        rows.Length
    )

let private polygon corners = [ for x, y in corners -> PixelPoint(x, y) ]

[<Tests>]
let tests =
    testList
        "Regions"
        [ testProperty
              "regions are those found by flooding, with their box, area, peak and centroid"
              (forAll (fun map search ->
                  let expected = flooded search map
                  let found = List.ofSeq (search.In map)
                  Expect.equal found.Length expected.Length "number of regions"

                  for region, pixels in List.zip found expected do
                      let xs, ys = pixels |> List.map (fun pixel -> pixel % map.Width), pixels |> List.map (fun pixel -> pixel / map.Width)
                      let peak = pixels |> List.maxBy (fun pixel -> map.Values[pixel])

                      Expect.equal
                          region.Box
                          (RegionBox(List.min xs, List.min ys, List.max xs - List.min xs + 1, List.max ys - List.min ys + 1))
                          "box"

                      Expect.equal region.Area pixels.Length "area"
                      Expect.floatClose (within 1e-12) region.Percent (100.0 * float pixels.Length / float map.Values.Length) "percent"
                      Expect.equal region.Peak (RegionPeak(float map.Values[peak], peak % map.Width, peak / map.Width)) "peak"
                      Expect.floatClose (within 1e-9) region.Centroid.X (0.5 + List.averageBy float xs) "x of centroid"
                      Expect.floatClose (within 1e-9) region.Centroid.Y (0.5 + List.averageBy float ys) "y of centroid"))
          testProperty
              "an outline that is not simplified encloses exactly the region's pixels"
              (forAll (fun map search ->
                  for region, pixels in Seq.zip (search.In map) (flooded search map) do
                      let outline = [ for polygon in region.Outline -> Seq.ofList (List.ofSeq polygon) ]
                      Expect.equal (outline |> List.sumBy twiceArea) (2 * pixels.Length) "signed area of all polygons"

                      let enclosed =
                          [ for pixel in 0 .. map.Values.Length - 1 do
                                if covers (pixel % map.Width, pixel / map.Width) outline then pixel ]

                      Expect.equal enclosed pixels "pixels by the even-odd rule"))
          testProperty
              "a simplified outline keeps the box and passes every corner within the tolerance"
              (forAll (fun map search ->
                  for tolerance in [ 0.5; 1.0; 2.0 ] do
                      let simplified = RegionSearch(0.5, search.PeakAbove, MergeWithin = search.MergeWithin, Tolerance = tolerance).In map

                      for region, full in Seq.zip simplified (search.In map) do
                          Expect.equal region.Outline.Count full.Outline.Count "polygons"

                          for few, all in Seq.zip region.Outline full.Outline do
                              Expect.isTrue (few.Count <= all.Count && few.Count >= 4) "corners"
                              Expect.equal (sign (twiceArea few)) (sign (twiceArea all)) "orientation"

                              for side in [ (fun (p: PixelPoint) -> p.X); (fun p -> -p.X); (fun p -> p.Y); (fun p -> -p.Y) ] do
                                  Expect.equal (Seq.min (Seq.map side few)) (Seq.min (Seq.map side all)) "side of the box"

                              let sides = List.ofSeq (Seq.zip few (Seq.append (Seq.tail few) [ Seq.head few ]))

                              for corner in all do
                                  Expect.isBetween (sides |> List.map (distance corner) |> List.min) 0.0 (tolerance + 1e-9) "distance"))
          test "a map that is nowhere above the threshold has no regions, one that is everywhere has one" {
              let flat = AnomalyMap(Array.create 12 2f, 4, 3)
              Expect.isEmpty (RegionSearch(2.0).In flat) "regions at the threshold"
              let all = Seq.exactlyOne (RegionSearch(1.0).In flat)
              Expect.equal (all.Area, all.Percent, all.Box) (12, 100.0, RegionBox(0, 0, 4, 3)) "the whole map"
              Expect.equal (List.ofSeq (Seq.exactlyOne all.Outline)) (polygon [ 0, 0; 4, 0; 4, 3; 0, 3 ]) "outline"
          }
          test "one pixel is a region with four corners" {
              let region = Seq.exactlyOne (RegionSearch(1.0).In(map 3 [ "..."; "..5" ]))
              Expect.equal (region.Area, region.Box) (1, RegionBox(2, 1, 1, 1)) "area and box"
              Expect.equal region.Peak (RegionPeak(5.0, 2, 1)) "peak"
              Expect.equal (List.ofSeq (Seq.exactlyOne region.Outline)) (polygon [ 2, 1; 3, 1; 3, 2; 2, 2 ]) "outline"
          }
          test "a hole is a polygon of its own, the other way round, and no part of the area" {
              let region = Seq.exactlyOne (RegionSearch(1.0, Tolerance = 0.0).In(map 4 [ "555."; "5.5."; "5555" ]))
              Expect.equal region.Area 9 "area"

              Expect.equal [ for corners in region.Outline -> twiceArea corners / 2 ] [ 10; -1 ] "signed areas of polygons"
          }
          test "pixels that meet at a corner are one region with one polygon" {
              let region = Seq.exactlyOne (RegionSearch(1.0, Tolerance = 0.0).In(map 2 [ "5."; ".5" ]))
              Expect.equal (region.Area, region.Outline.Count, region.Outline[0].Count) (2, 1, 8) "area, polygons, corners"
          }
          test "near parts become one region when they are merged" {
              let parts = map 8 [ "5..6...7" ]
              let count mergeWithin = (RegionSearch(1.0, MergeWithin = mergeWithin).In parts).Count
              Expect.equal [ for within in 0..3 -> count within ] [ 3; 3; 2; 1 ] "regions"
              let merged = Seq.last (RegionSearch(1.0, MergeWithin = 2).In parts)

              Expect.equal
                  (merged.Area, merged.Box, merged.Outline.Count)
                  (2, RegionBox(0, 0, 4, 1), 2)
                  "area, box, polygons of the merged one"
          }
          test "a region ends at half the height of its own peak above the median, here 0, or where a defect is sure" {
              let row = map 17 [ "129921..33......." ]
              let boxes search = [ for region in (search: RegionSearch).In row -> region.Box.X, region.Box.Width ]
              Expect.equal (boxes (RegionSearch(0.5))) [ 2, 2; 8, 2 ] "a weak one beside a strong one stays"
              Expect.equal (boxes (RegionSearch(0.5, EdgeHeight = 0.0))) [ 0, 6; 8, 2 ] "the threshold alone"
              Expect.equal (boxes (RegionSearch(0.5, PeakAbove = 4.0))) [ 2, 2 ] "only peaks above 4"
              let steep = map 15 [ "..1498941......" ]
              let widths peakAbove = [ for region in (RegionSearch(0.5, peakAbove)).In steep -> region.Box.Width ]
              Expect.equal (widths Double.NegativeInfinity) [ 3 ] "above 4.5"
              Expect.equal (widths 2.0) [ 5 ] "4 is sure: twice as high as a peak must be"
          }
          test "a part that is lower than most of the map has an extent, too" {
              let areas = [ for region in RegionSearch(0.5).In(map 9 [ "88888.11." ]) -> region.Area ]
              Expect.equal areas [ 5; 2 ] "areas"
          }
          test "regions below the smallest area, in pixels or percent of the image, are left out" {
              let two = map 10 [ "55.5......" ]
              let count smallest = (RegionSearch(1.0, Smallest = SmallestArea.Parse smallest).In two).Count
              Expect.equal (List.map count [ "0"; "2"; "3"; "10%"; "10.1 %"; "20%"; "21%" ]) [ 2; 1; 0; 2; 1; 1; 0 ] "regions"

              for wrong in [ ""; "-1"; "1.5"; "101%"; "many" ] do
                  Expect.stringContains
                      (raised<InvalidInputException>(fun () -> SmallestArea.Parse wrong |> ignore)).Message
                      "no area"
                      wrong
          }
          test "an image has a region if and only if it is anomalous, wherever the threshold is" {
              use scratch = new Scratch.Folder()

              let image name (value: int -> int -> int) =
                  let pixel i = byte (value (i / 3 % 48) (i / 3 / 48))
                  ImageFile.WritePng(scratch.File name, RasterImage(48, 48, 3, Array.init (3 * 48 * 48) pixel))
                  ImageItem(scratch.File name, name, "good", false)

              let part shift x y =
                  if (x - 24) * (x - 24) + (y - 24) * (y - 24) < 300 then
                      200 - shift
                  else
                      40 + (x * 13 + y * shift) % 9

              let good = [| for i in 0..3 -> image $"{i}.png" (part i) |]
              let broken = image "broken.png" (fun x y -> if x > 30 && y > 25 && x < 36 then 90 else part 1 x y)
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = Detector.Train(PadimOptions(InputSize = 64, Channels = 20), teacher, good, MasterSeed 7L)
              let calibrated = detector.Threshold

              for factor in [ 0.3; 0.7; 1.0; 1.5; 100.0 ] do
                  detector.Threshold <- factor * calibrated

                  for prediction in detector.Predict [| yield! good; broken |] do
                      Expect.equal
                          (detector.Regions(prediction).Count > 0)
                          (prediction.Score > detector.Threshold)
                          prediction.Item.RelativeName

                      for region in detector.Regions prediction do
                          Expect.isLessThanOrEqual (region.Box.X + region.Box.Width) 48 "regions lie in the photo"
          }
          test "a detector without a pixel threshold says how to get one" {
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let options = PadimOptions(InputSize = 64, Channels = 20)
              let card = DetectorCard(options, teacher.Provenance, DetectorSource("", "", ""), 0L, [], 1.0, [])
              use detector = new Detector(card, options.CreateNetwork(teacher, MasterSeed 0L), false)
              let prediction = Prediction(ImageItem("x.png", "x.png", "good", false), 5.0, AnomalyMap([| 0f; 0f; 5f; 0f |], 2, 2), 2, 2)
              let error = raised<InvalidInputException>(fun () -> detector.Regions prediction |> ignore)
              Expect.stringContains error.Message "--pixel-threshold" "what to do"
              Expect.equal (detector.Regions(prediction, detector.RegionSearch(Nullable 2.0)).Count) 1 "with a threshold by hand"
          } ]
