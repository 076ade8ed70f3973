module Falcon.Experiments.Tests.ReportTests

open System.IO
open System.Threading
open Expecto
open Falcon.Tests
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods

let private written (report: string) =
    [ for path in Directory.GetFiles(report, "*", SearchOption.AllDirectories) -> path, File.GetLastWriteTimeUtc path ]

[<Tests>]
let tests =
    testList
        "Reports"
        [ test "a report shows what is on disk, as tables, curves and overlays" {
              use folder = new Folder()
              writeData (folder.Path "photos")

              let study = { study (folder.Path "photos") with Metrics = [ ImageAuroc; ImageAp ] }

              let result = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) study
              let report = folder.Path "report"

              // The results in memory are no longer needed: a later run that keeps all cells writes the same report.
              let write () =
                  Study.runWith (Listener()) CancellationToken.None (runtime result.Folder) study
                  |> Report.write report [ Table.perCategory ImageAuroc; Table.summary; Gallery.overlays ]

              let reported = write ()
              Expect.equal reported.Reports [ Path.Combine(report, "index.html") ] "reports of reported"
              let table = File.ReadAllText(Path.Combine(report, "per-category-image-auroc.tex"))

              for expected in [ "plate"; "cloth"; "teacher random"; "2 shots" ] do
                  Expect.stringContains table expected "table"

              Expect.stringContains (File.ReadAllText(Path.Combine(report, "summary.md"))) "Image AP" "text of report summary.md"
              let pictures kind = Directory.GetFiles(Path.Combine(report, "gallery", kind), "*", SearchOption.AllDirectories).Length

              Expect.equal
                  (pictures "photos", pictures "masks", pictures "maps")
                  (8, 3, 8)
                  "two categories of four test images; two masks are equal"

              Expect.equal (Report.cells result.Folder).Length 4 "number of cells result folder"
          }
          test "a report draws what has changed and nothing else, and another one's files go" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              let report = folder.Path "report"

              let sections =
                  [ Table.perCategory ImageAuroc
                    Plot.roc
                    Plot.scores
                    Plot.regionOverlap 0.3
                    Gallery.overlays
                    Gallery.qualitative ]

              let write study sections =
                  Study.runWith (Listener()) CancellationToken.None runtime study |> Report.write report sections |> ignore

              let entries stage =
                  use store = Falcon.Experiments.Store.Store.openAt (Option.get runtime.Store)
                  Falcon.Experiments.Store.Store.entriesOf store stage |> Seq.length

              write study sections
              let first = written report
              let kinds = [ "gallery-photos"; "gallery-maps"; "qualitative"; "overlap-curve"; "figure" ]
              Expect.equal (List.map entries kinds) [ 2; 2; 2; 4; 4 ] "two categories, two seeds; ROC, PRO and two histograms"
              File.WriteAllText(Path.Combine(report, "per-category-image-auroc.csv"), "spoilt")
              write study sections
              let again = written report
              Expect.equal (List.zip first again |> List.filter (fun (a, b) -> a <> b) |> List.length) 2 "the spoilt file and the manifest"
              Expect.notEqual (File.ReadAllText(Path.Combine(report, "per-category-image-auroc.csv"))) "spoilt" "mended"

              // A further seed: pictures and histograms are those of the first one.
              write { study with Seeds = [ 0; 1; 2 ] } sections
              Expect.equal (List.map entries kinds) [ 2; 2; 2; 6; 6 ] "two curves of cells, and the two figures that average over seeds"
              let changed = Set(List.except again (written report) |> List.map (fst >> Path.GetFileName >> string))
              Expect.contains changed "roc.pdf" "redrawn"
              Expect.isFalse (changed |> Set.exists (fun file -> file.StartsWith "scores" || file.EndsWith ".jpg")) $"{changed}"
              write study [ Table.summary ]
              Expect.isEmpty (Directory.GetFiles(report, "*.jpg", SearchOption.AllDirectories)) "pictures are gone"
              Expect.isTrue (File.Exists(Path.Combine(report, "summary.tex"))) "a table has the name of its section"
              Expect.isFalse (File.Exists(Path.Combine(report, "per-category-image-auroc.tex"))) "another section's is gone"
          }
          test "histograms are named by method, shots and category, and plots by their metric" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Metrics = [ ImageAuroc; ImageAp ] }
              let result = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) study
              let report = folder.Path "report"

              result
              |> Report.write
                  report
                  [ Plot.scores
                    Plot.categories ImageAuroc
                    Plot.categories ImageAp
                    Plot.defects ImageAuroc
                    Plot.perDefect Plot.roc
                    Plot.withBands Plot.roc ]
              |> ignore

              for name in
                  [ "scores-falcon-2-plate"
                    "scores-falcon-2-cloth"
                    "categories-image-auroc"
                    "categories-image-ap"
                    "defects-image-auroc"
                    "roc-hole"
                    "roc" ] do
                  Expect.isTrue (File.Exists(Path.Combine(report, $"{name}.pdf"))) name

              Expect.throwsT<Falcon.InvalidInputException> (fun () -> Plot.perDefect (Plot.regionOverlap 0.3) |> ignore) "pixels"
              Expect.throwsT<Falcon.InvalidInputException> (fun () -> Plot.withBands Table.summary |> ignore) "a table"
          }
          test "a check finds every table that no longer says what the store says" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              let report = folder.Path "report"

              Study.runWith (Listener()) CancellationToken.None runtime study
              |> Report.write report [ Table.perCategory ImageAuroc; Table.summary ]
              |> ignore

              Expect.isEmpty (Report.check runtime report) "check runtime report"
              let table = Path.Combine(report, "summary.csv")
              File.WriteAllText(table, File.ReadAllText table |> String.map (fun digit -> if digit = '0' then '1' else digit))
              let finding = Seq.exactlyOne (Report.check runtime report)
              Expect.equal finding.Where table "where of finding"
              let error = raised<Falcon.InvalidInputException>(fun () -> Report.check runtime (folder.Path "photos") |> ignore)
              Expect.stringContains error.Message "no report" "message of error"
          }
          test "every section is read back from its text" {
              let sections =
                  [ Table.perCategory (Aupro 0.3)
                    Table.summary
                    Table.ablation [ ImageAuroc; Aupimo ]
                    Table.comparisons ImageAp
                    Table.reported
                    Plot.roc
                    Plot.precisionRecall
                    Plot.regionOverlap 0.05
                    Plot.scores
                    Plot.shots PixelAuroc
                    Plot.categories ImageAuroc
                    Plot.criticalDifference ImageAuroc
                    Plot.training
                    Plot.trainingOf [ "student"; "one minus cosine" ]
                    Plot.defects ImageAp
                    Plot.roc |> Plot.perDefect |> Plot.withoutBands
                    Plot.regionOverlap 0.3 |> Plot.withBands
                    Plot.cost RegionOverlap
                    Gallery.overlays
                    Gallery.qualitative ]

              Expect.equal
                  (sections |> List.map (fun section -> Section.tryParse section.Text))
                  (List.map Some sections)
                  "sections text try parse"

              Expect.equal (Section.tryParse "table of contents") None "try parse table of contents"
          }
          test "a section of one's own that fails is left out and named, and one whose files another has is refused" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let report = folder.Path "report"
              let result = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) (study (folder.Path "photos"))
              let failing = Table.own "failing" (fun _ -> failwith "no such column")
              result |> Report.write report [ Table.perCategory ImageAuroc; failing ] |> ignore
              Expect.isTrue (File.Exists(Path.Combine(report, "per-category-image-auroc.md"))) "the rest of the report"

              let named name = Table.own name (fun cells -> Falcon.Reports.ReportTable(name, "", [||], [||], cells.Notes [||]))

              for name in [ "report"; "two words"; "../escaped" ] do
                  let write () = result |> Report.write report [ Table.summary; named name ] |> ignore
                  Expect.stringContains (raised<Falcon.InvalidInputException> write).Message $"'{name}'" name
          }
          test "the check of a report looks at the runs that the report shows" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")

              let write name study =
                  Study.runWith (Listener()) CancellationToken.None runtime study
                  |> Report.write (folder.Path name) [ Table.summary ]
                  |> ignore

              write "one" study
              write "two" { study with Metrics = [ ImageAuroc; ImageAp ] }
              write "again" study

              for name in [ "one"; "again" ] do
                  Expect.isEmpty (Report.check runtime (folder.Path name)) name

              // Its files are what its cells say, but the study measures less now.
              for finding in Report.check runtime (folder.Path "two") do
                  Expect.stringContains finding.What "since the report was written" "two"
          }
          test "a section that a study has too little for is found before anything runs, and one where enough is left away" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              let report = folder.Path "report"

              let sections =
                  [ Table.summary
                    Plot.criticalDifference ImageAuroc
                    Table.perCategory (Aupro 0.3)
                    Plot.shots ImageAuroc
                    Table.comparisons ImageAuroc ]

              let run study = Study.runWith (Listener()) CancellationToken.None runtime study |> ignore
              let error = raised<Falcon.InvalidInputException>(fun () -> study |> Study.withReport report sections |> run)

              Expect.equal
                  [ for finding in error.Findings -> finding.What ]
                  [ "needs three methods and two categories"
                    "shows AUPRO@0.3, which is not measured"
                    "needs two numbers of shots"
                    "needs two methods" ]
                  "findings"

              Expect.isFalse (Directory.Exists(folder.Path "out")) "nothing ran"
              study |> Study.withReport report (List.map Section.whereEnough sections) |> Study.run runtime |> ignore
              Expect.isTrue (File.Exists(Path.Combine(report, "summary.tex"))) "what can be made"
              Expect.isEmpty (Directory.GetFiles(report, "critical-difference*")) "what cannot"
          }
          test "a report shows the study as it last ran: cells that it has no more are gone, part of it is written beside" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = { runtime (folder.Path "out") with Out = None; Store = Some(folder.Path "store") }
              let results = folder.Path "store/results/tiny"
              let report = folder.Path "report"
              let run runtime study = study |> Study.withReport report [ Table.summary; Plot.roc ] |> Study.run runtime |> ignore
              run runtime study
              run runtime { study with Methods = [ FalconOptions(Epochs = 2, InputSize = 64) ]; Seeds = [ 1; 0 ] }
              let titles = [ for source in Report.cells results -> source.Cell.Seed, source.Cell.Category ]
              Expect.equal titles [ 1L, "plate"; 0L, "plate"; 1L, "cloth"; 0L, "cloth" ] "the cells of the last run, in its order"
              Expect.equal (Report.sections results) ([ Table.summary; Plot.roc ], []) "its sections"
              let whole = File.ReadAllText(Path.Combine(report, "cells.csv"))

              run
                  { runtime with Only = [ "*plate*" ] }
                  { study with Methods = [ FalconOptions(Epochs = 2, InputSize = 64) ]; Seeds = [ 1; 0 ] }

              Expect.equal (File.ReadAllText(Path.Combine(report, "cells.csv"))) whole "the whole report is as it was"

              Expect.stringContains
                  (File.ReadAllText(Path.Combine(report + "-subset", "index.html")))
                  "2 of 4 cells"
                  "the part says that it is one"

              Expect.equal (Report.cells results).Length 4 "the study keeps its cells"
          }
          test "a check tells what the study has run since, and nothing of what was changed back" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Seeds = [ 0 ] }
              let runtime = { runtime (folder.Path "out") with Out = None; Store = Some(folder.Path "store") }
              let report = folder.Path "report"
              let run study = Study.runWith (Listener()) CancellationToken.None runtime study
              run study |> Report.write report [ Table.summary ] |> ignore
              let image = folder.Path "photos/plate/test/good/0.png"
              let before = File.ReadAllBytes image
              File.Copy(folder.Path "photos/plate/train/good/3.png", image, true)
              run study |> ignore
              let finding = Seq.exactlyOne (Report.check runtime report)
              Expect.stringContains finding.What "with other options or inputs since" "what of finding"
              Expect.stringContains finding.Where "plate" "where of finding"
              File.WriteAllBytes(image, before)
              run study |> ignore
              Expect.isEmpty (Report.check runtime report) "changed back"
          }
          test "a report whose maps have been collected has its tables and photos, and says once what is missing" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let runtime = { runtime (folder.Path "out") with Out = None; Store = Some(folder.Path "store") }
              let report = folder.Path "report"

              let result =
                  { study (folder.Path "photos") with Seeds = [ 0 ] }
                  |> Study.withReport report [ Table.summary; Gallery.overlays ]
                  |> Study.run runtime

              using (Store.Store.openAt result.Store) (fun store -> Store.Store.gc store 0L CancellationToken.None |> ignore)
              Report.ofResults runtime result.Folder (folder.Path "again") [ Table.summary; Gallery.overlays ] |> ignore
              let text name = File.ReadAllText(Path.Combine(folder.Path "again", name))
              Expect.equal (text "summary.md") (File.ReadAllText(Path.Combine(report, "summary.md"))) "the tables"
              Expect.stringContains (text "index.html") "anomaly maps have been collected" "what the page says"
              Expect.isNonEmpty (Directory.GetFiles(folder.Path "again/gallery/photos")) "the photos"
          }
          test "a report that could not be written is found before anything runs" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              File.WriteAllText(folder.Path "README.md", "")
              let planned = study (folder.Path "photos") |> Study.withReport (folder.Path "README.md") [ Table.summary ]
              let finding = Seq.exactlyOne (Study.check (runtime (folder.Path "out")) planned)
              Expect.stringContains finding.What "cannot be written" "what of finding"
          }
          test "sections of a script's own are never overwritten by a report from the store" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let runtime = { runtime (folder.Path "out") with Out = None; Store = Some(folder.Path "store") }
              let own = Table.own "mine" (fun cells -> Falcon.Reports.ReportTable("mine", "", [||], [||], cells.Notes [||]))
              let report = folder.Path "report"

              let result =
                  { study (folder.Path "photos") with Seeds = [ 0 ] }
                  |> Study.withReport report [ Table.summary; own ]
                  |> Study.run runtime

              Expect.equal (Report.sections result.Folder) ([ Table.summary ], [ own.Text ]) "sections"
              let again folder () = Report.ofResults runtime result.Folder folder [ Table.summary ] |> ignore
              Expect.stringContains (raised<Falcon.InvalidInputException>(again report)).Message "own table mine" "refused"
              again (folder.Path "elsewhere") ()
              Expect.isTrue (File.Exists(Path.Combine(report, "mine.tex"))) "the script's own table"
          }
          test "a report without overlays needs no photos" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let result = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) (study (folder.Path "photos"))
              Directory.Delete(folder.Path "photos", true)
              result |> Report.write (folder.Path "report") [ Table.perCategory ImageAuroc ] |> ignore
              Expect.isFalse (Directory.Exists(Path.Combine(folder.Path "report", "gallery"))) "folder exists report gallery"
              Expect.isTrue (File.Exists(Path.Combine(folder.Path "report", "per-category-image-auroc.csv"))) "file exists report table.csv"

              // A document of the user's is not replaced; that of the report is its own.
              let document = Path.Combine(folder.Path "report", "document.pdf")
              File.WriteAllText(document, "mine")
              let compile () = Report.compile (folder.Path "report") |> ignore
              Expect.stringContains (raised<Falcon.InvalidInputException>(compile)).Message "is of no report" "refused"
              Expect.equal (File.ReadAllText document) "mine" "the document"
              File.Delete document

              if File.Exists "/usr/bin/pdflatex" then
                  compile ()
                  Expect.stringContains (File.ReadAllText(Path.Combine(folder.Path "report", "report.json"))) "document.pdf" "its own"
                  result |> Report.write (folder.Path "report") [ Table.summary ] |> ignore
                  Expect.isFalse (File.Exists document) "it shows what the report no longer says"
          } ]
