module Falcon.Core.Tests.Data.DataCatalogTests

open System.IO
open Expecto
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private total (set: string) (count: KnownCategory -> int) = DataCatalog.Find(set).Categories |> Seq.sumBy count

[<Tests>]
let tests =
    testList
        "Data catalog"
        [ testTheory
              "the counts of the catalogue add up to the published totals"
              [ "MVTec AD", 15, 3629, 0, 467, 1258
                "VisA", 12, 8659, 0, 962, 1200
                "MPDD", 6, 888, 0, 176, 282
                "MVTec 3D-AD (RGB)", 10, 2656, 294, 249, 948
                "BTAD", 3, 1799, 0, 451, 290
                "MVTec LOCO AD", 5, 1772, 304, 575, 993 ]
              (fun (set, categories, train, validation, good, anomalous) ->
                  Expect.equal
                      (DataCatalog.Find(set).Categories.Count,
                       total set _.Train,
                       total set _.Validation,
                       total set _.TestGood,
                       total set _.TestAnomalous)
                      (categories, train, validation, good, anomalous)
                      "find categories total train validation test")
          test "docs/data.md shows the totals and licences of the catalogue" {
              match Fixtures.repositoryRoot with
              | None -> skiptest "No checkout around the test program."
              | Some root ->
                  let text = File.ReadAllText(Path.Combine(root, "docs", "data.md"))

                  for known in DataCatalog.All do
                      let sum count = total known.Name count

                      Expect.stringContains
                          text
                          $"| {known.Name} | {known.Categories.Count} | {sum _.Train} | {sum _.Validation} | {sum _.TestGood} | {sum _.TestAnomalous} | {known.Licence} |"
                          "text"
          }
          test "every entry has a licence, sorted categories, and images of one size or none" {
              for known in DataCatalog.All do
                  Expect.isNonEmpty known.Licence "licence of known"
                  let names = [ for category in known.Categories -> category.Name ]
                  Expect.equal names (List.sortWith (fun a b -> System.String.CompareOrdinal(a, b)) names) "names"

                  for category in known.Categories do
                      Expect.equal category.Height.HasValue category.Width.HasValue "has value of category height"
          }
          test "a survey counts shapes and says what differs from what was published" {
              use folder = new Scratch.Folder()
              let bottle = folder.File "mvtec/bottle"
              writeCategory bottle 2 1
              writeImage 20 8 $"{bottle}/train/good/wide.png"
              writeMask 12 8 7uy $"{bottle}/train/good/gray.png"
              writeImage 12 8 $"{bottle}/test/contamination/000.png"
              writeImage 12 8 $"{bottle}/notes/sketch.png"
              let source = DataFolder.Detect(folder.File "mvtec")
              let survey = CategorySurvey.Of(source, "bottle")

              Expect.equal
                  [ for struct (shape, count) in survey.Shapes -> string shape, count ]
                  [ "12×8", 6; "12×8 gray", 1; "20×8", 1 ]
                  "shape count"

              let odd = [ for finding in survey.Odd -> finding.What ]

              for expected in
                  [ "has 4 training images, 209 are published"
                    "has 2 good test images, 20 are published"
                    "900×900 is published"
                    "has the defects scratch, which are not published"
                    "1 in notes" ] do
                  Expect.exists odd (fun what -> what.Contains expected) "what differs"

              Expect.equal (CategorySurvey.Missing source).Count 14 "number of missing source"
          }
          test "the photos of bottle are complete and of half the published size" {
              let source = DataFolder.Detect(Fixtures.require [ "data"; "mvtec_ad" ])
              Expect.equal source.Name "MVTec AD" "name of source"
              let survey = CategorySurvey.Of(source, "bottle")
              Expect.equal (Seq.exactlyOne survey.Odd).What ("has images of 450×450, 900×900 is published") "what of survey odd"
          } ]
