module Falcon.Reports.Tests.ReportTests

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Expecto
open Falcon
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Reports
open Falcon.Results
open Falcon.Weights
open Falcon.Reports.Tests.SampleStudy

/// Photos with a bright spot where the defect is, masks and maps of a category, as a data set and a cell folder would hold them.
let private draw (category: string) (cellFolder: string) (images: ImageOutcome array) =
    let width, height = 30, 20
    let isDefect index = index % width < 6 && index / width < 5

    let save (name: string) (image: RasterImage) =
        let path = Path.Combine(category, name)
        Directory.CreateDirectory(Path.GetDirectoryName path |> string) |> ignore
        ImageFile.WritePng(path, image)

    for image in images do
        let shade index = if image.IsAnomalous && isDefect index then 250uy else 90uy
        save image.Image (RasterImage(width, height, 3, Array.init (width * height * 3) (fun i -> shade (i / 3))))

        match image.MaskFile with
        | null -> ()
        | mask -> save mask (RasterImage(width, height, 1, Array.init (width * height) (fun i -> if isDefect i then 255uy else 0uy)))

    let maps =
        [| for image in images ->
               StoredTensor.Of(image.Image, Array.init 24 (fun i -> if image.IsAnomalous && i = 0 then 9.0f else float32 (i % 3)), 4L, 6L) |]

    SafetensorsWriter.Write(Path.Combine(cellFolder, "maps.safetensors"), maps)

let private withPictures (cell: CellResult) =
    let pictured =
        [| for image in cell.Images ->
               let mask: string | null = if image.IsAnomalous then $"masks/{image.Defect}-{Path.GetFileName image.Image}" else null
               ImageOutcome(image.Image, image.Defect, image.IsAnomalous, image.Score, mask, "maps.safetensors") |]

    cellOf cell.Method cell.Category cell.Seed cell.Protocol pictured

/// A report of the sample study in which one cell has its pictures.
/// Tables and figures of image AUROC, where there is enough to show.
let private usual (cells: CellSet) =
    let figures: (Figure | null) list =
        [ RocPlot.Of cells
          ShotsPlot.Of(cells, Metric.ImageAuroc)
          (if (cells.Categories cells.DataSets[0]).Count > 1 then
               CategoryPlot.Of(cells, Metric.ImageAuroc)
           else
               null)
          CriticalDifferencePlot.Of(cells, Metric.ImageAuroc)
          TrainingPlot.Of cells ]

    ReportContents(
        [| TablePerCategory.Of(cells, Metric.ImageAuroc); TableSummary.Of cells |],
        List.toArray (List.choose Option.ofObj figures)
    )

let private write (folder: string) title (sources: CellSource array) (failures: FailedCell array) =
    let contents = usual (CellSet([| for source in sources -> source.Cell |], failures))
    ReportFolder.Write(folder, title, sources, contents, failures).Left

let private report (folder: Scratch.Folder) =
    let pictured = withPictures cells[0]
    draw (folder.File "data") (folder.File "cell") (Array.ofSeq pictured.Images)

    let sources =
        [| yield CellSource(pictured, folder.File "cell", folder.File "data")
           for cell in Array.tail cells do
               yield CellSource cell |]

    let left = write (folder.File "report") "Few shots & more" sources [||]
    pictured, left

let private read (folder: Scratch.Folder) (name: string) = File.ReadAllText(folder.File $"report/{name}")

/// The page as a real browser leaves it once its script has run; the test is skipped where there is none.
let private browsed (path: string) (view: string) =
    use profile = new Scratch.Folder()
    let settings = profile.File "profile"

    let switches =
        [ "--headless"
          "--no-sandbox"
          "--disable-gpu"
          $"--user-data-dir={settings}"
          "--disable-background-networking"
          "--disable-component-update"
          "--disable-sync"
          "--no-first-run"
          "--dump-dom"
          $"file://{path}{view}" ]

    let start = ProcessStartInfo("chromium", switches, RedirectStandardOutput = true, RedirectStandardError = true)

    try
        use browser = nonNull (Process.Start start)
        let problems = browser.StandardError.ReadToEndAsync()
        let page = browser.StandardOutput.ReadToEnd()
        browser.WaitForExit()
        problems.Wait()
        page
    with :? System.ComponentModel.Win32Exception ->
        skiptest "chromium is not installed."
        ""

/// What LaTeX complains about; the test is skipped where LaTeX or one of its packages is missing.
let private compiled (path: string) =
    try
        LatexDocument.Compile path
    with :? InvalidInputException as error when error.Message.Contains "not installed" || error.Message.Contains ".sty' not found" ->
        skiptest error.Message
        [||]

[<Tests>]
let tests =
    testList
        "Reports"
        [ test "a report holds tables, figures, pictures, a document and a page" {
              use folder = new Scratch.Folder()
              let pictured, left = report folder

              for name in
                  [ "per-category-image-auroc.tex"
                    "per-category-image-auroc.md"
                    "per-category-image-auroc.csv"
                    "summary.tex"
                    "summary.md"
                    "summary.csv"
                    "cells.csv"
                    "document.tex"
                    "index.html"
                    "roc.tex"
                    "roc.dat"
                    "roc.pdf"
                    "roc.svg"
                    "roc.png" ] do
                  Expect.isTrue (File.Exists(folder.File $"report/{name}")) name

              Expect.isEmpty left "left"

              // Equal photos are one file, and so are equal masks; every image has a heat map of its own.
              let heatFolder = string (Path.GetFileName(Array.exactlyOne (Directory.GetDirectories(folder.File "report/gallery/maps"))))

              Expect.isTrue
                  (heatFolder.StartsWith("falcon~")
                   && heatFolder.Contains("-2-mvtec-ad~")
                   && heatFolder.EndsWith("-bottle-seed0"))
                  heatFolder

              let files (place: string) = Directory.GetFiles(folder.File $"report/gallery/{place}")
              Expect.equal (files "photos").Length 2 "photos"
              Expect.equal (files "masks").Length 1 "masks"
              let heats = Directory.GetFiles(folder.File $"report/gallery/maps/{heatFolder}", "*", SearchOption.AllDirectories)
              Expect.equal heats.Length pictured.Images.Count "maps"
              let mask = ImageFile.ReadRgb(files("masks")[0])
              Expect.equal (mask.Width, mask.Height) (256, 171) "size"
              let pixel (image: RasterImage) x y = [ for channel in 0..2 -> int image.Pixels[3 * (y * image.Width + x) + channel] ]
              Expect.equal (pixel mask 10 10) [ 255; 255; 255 ] "the defect"
              Expect.equal (pixel mask 200 100) [ 0; 0; 0 ] "the rest"
              let heat = ImageFile.ReadRgb(folder.File $"report/gallery/maps/{heatFolder}/test/crack/000.jpg")
              Expect.notEqual (pixel heat 10 10) (pixel heat 200 100) "heat"
          }
          test "the page shows the worst errors first and needs nothing but the report's own files to be read" {
              use folder = new Scratch.Folder()
              let pictured, _ = report folder
              let page = read folder "index.html"
              let threshold = pictured.Ranking().F1Max.Value.Threshold

              let wrong, right =
                  [ for image in pictured.Images ->
                        let isWrong = (image.Score >= threshold) <> image.IsAnomalous
                        let margin = if image.IsAnomalous then threshold - image.Score else image.Score - threshold
                        isWrong, margin, image.Image ]
                  |> List.sortByDescending (fun (_, margin, _) -> margin)
                  |> List.partition (fun (isWrong, _, _) -> isWrong)

              let shown =
                  [ for found in Regex.Matches(page, "<div class=\"pictures\"><img loading=\"lazy\" alt=\"([^\"]+)\"") ->
                        found.Groups[1].Value ]

              Expect.equal shown [ for _, _, image in wrong @ right -> image ] "shown"
              Expect.stringContains page $"{wrong.Length} of {pictured.Images.Count} wrong" "page"
              Expect.isNotMatch page "(src|href)=\"(?!gallery/|#)" "page"

              for found in Regex.Matches(page, "src=\"([^\"]+)\"") do
                  Expect.isTrue (File.Exists(folder.File $"report/{found.Groups[1].Value}")) found.Groups[1].Value

              Expect.stringContains page "<h1>Few shots &amp; more</h1>" "page"
          }
          test "in a browser the test images are filtered by category, method and verdict, as the address says" {
              use folder = new Scratch.Folder()
              let pictured, _ = report folder
              let count (pattern: string) (page: string) = Regex.Matches(page, pattern).Count
              let all = browsed (folder.File "report/index.html") ""
              Expect.equal (count "class=\"strip[^>]*hidden" all) 0 "count all"
              let wrong = count "class=\"strip wrong\"" all

              Expect.equal
                  (count "class=\"strip\" hidden" (browsed (folder.File "report/index.html") "#show=wrong"))
                  (pictured.Images.Count - wrong)
                  "count browsed"

              Expect.equal
                  (count "class=\"strip wrong\" hidden" (browsed (folder.File "report/index.html") "#show=right&category=bottle"))
                  wrong
                  "count browsed"
          }
          test "the page names the protocol of every method and the cells that failed" {
              use folder = new Scratch.Folder()
              let failure = FailedCell(stpm, "MVTec AD", "screw", ShotCount.Of 2, 1L, "loss is NaN")

              write (folder.File "report") "t" [| for cell in cells -> CellSource cell |] [| failure |] |> ignore

              let page = read folder "index.html"
              Expect.stringContains page "<dt>FALCON, STPM_{50%}</dt><dd>training images: first k of a seeded permutation" "page"
              Expect.stringContains page "<dt>Failed</dt><dd>STPM_{50%}, 2 shots, screw, seed 1: loss is NaN</dd>" "page"
              Expect.stringContains page "1 cell failed" "page"
          }
          test "every style of a table shows the same digits" {
              use folder = new Scratch.Folder()
              report folder |> ignore

              let digits (text: string) =
                  let text = Regex.Replace(text, @"table-format=[+\d.]+|\\phantom\{[\d.]+\}|[\d.]+pt", "")
                  [ for found in Regex.Matches(text, @"(?<![\d.])\d+\.\d(?![\d.])") -> found.Value ]

              for name in [ "per-category-image-auroc"; "summary" ] do
                  let expected = digits (read folder $"{name}.csv")
                  Expect.isNonEmpty expected "expected"
                  Expect.equal (digits (read folder $"{name}.tex")) expected "digits read folder"
                  Expect.equal (digits (read folder $"{name}.md")) expected "digits read folder"
                  Expect.equal (digits (read folder $"{name}.json")) expected "digits read folder"

              let page = read folder "index.html"
              let tables = [ for found in Regex.Matches(page, "<td[^>]*>(.*?)</td>") -> found.Groups[1].Value ] |> String.concat " "

              Expect.equal
                  (digits tables)
                  (digits (read folder "per-category-image-auroc.csv") @ digits (read folder "summary.csv"))
                  "digits tables"
          }
          test "the same cells give the same tables, figures, strips and page" {
              use first = new Scratch.Folder()
              use second = new Scratch.Folder()
              report first |> ignore
              report second |> ignore

              for name in
                  [ "per-category-image-auroc.tex"
                    "summary.csv"
                    "document.tex"
                    "roc.tex"
                    "roc.dat"
                    "roc.svg"
                    "index.html" ] do
                  Expect.equal (read second name) (read first name) "read second name"
          }
          test "pictures that are gone are left out and named, the rest is written" {
              use folder = new Scratch.Folder()
              let sources = [| for cell in cells -> CellSource(cell, null, folder.File "nowhere") |]
              let left = write (folder.File "report") "t" sources [||]
              Expect.exists left (fun finding -> finding.Where.Contains "nowhere") "left"
              Expect.isTrue (File.Exists(folder.File "report/index.html")) "file exists"
          }
          test "a report of nothing is refused" {
              use folder = new Scratch.Folder()

              Expect.throwsT<InvalidInputException>
                  (fun () -> ReportFolder.Write(folder.File "report", "t", [||], ReportContents([||], [||])) |> ignore)
                  "write report t is refused"
          }
          test "pdflatex accepts the document without an overfull box" {
              use folder = new Scratch.Folder()
              report folder |> ignore
              Expect.isEmpty (compiled (folder.File "report/document.tex")) "compiled"
              Expect.isTrue (File.Exists(folder.File "report/document.pdf")) "file exists"
          }
          test "pdflatex sets names of any script, and what no font has is a number and said" {
              let names = [ "100%"; "Ωμέγα"; "Болт"; "x#z&$y"; @"b{s}^~\c"; "a--b_c"; "Ħ ŝ é"; "e\u0301"; "\U0010FFFD" ]
              let cells = [| for name in names -> cell falcon name 2 0L |]
              let set = CellSet cells

              let contents =
                  ReportContents([| TablePerCategory.Of(set, Metric.ImageAuroc) |], [| nonNull (CategoryPlot.Of(set, Metric.ImageAuroc)) |])

              use folder = new Scratch.Folder()
              let written = ReportFolder.Write(folder.File "report", "Имя 100%", [| for cell in cells -> CellSource cell |], contents)
              let complaints = compiled (folder.File "report/document.tex")
              Expect.isEmpty complaints "boxes"
              Expect.contains written.Files "document-letters.pdf" "letters"
              Expect.exists written.Left (fun finding -> finding.What.Contains "U+10FFFD") "what no font has"
              Expect.all written.Left (fun finding -> finding.What.Contains "U+10FFFD") "and nothing else"
              Expect.isTrue (File.Exists(folder.File "report/document.pdf")) "document"
          }
          test "figures of things whose names have the same words, or none, are files of their own" {
              let things: IReadOnlyList<IReadOnlyList<string>> =
                  [| for name in [ "bottle"; "a b"; "a-b"; "图像"; "螺丝"; "100%"; "100" ] -> [| "FALCON"; name |] |]

              let names = List.ofSeq (SectionName.Distinct("scores", things))
              Expect.hasLength (List.distinct names) things.Count "different"
              Expect.equal names.Head "scores-falcon-bottle" "as its words say"

              for name in names do
                  Expect.all name (fun letter -> Char.IsAsciiLetterOrDigit letter || letter = '-') name
          }
          test "the document of a larger study, with every kind of table and figure, has no overfull box either" {
              let set = CellSet LargerStudy.cells

              let contents =
                  ReportContents(
                      [| TablePerCategory.Of(set, Metric.ImageAuroc)
                         TableSummary.Of set
                         TableAblation.Of(set, [| Metric.ImageAuroc; Metric.ImageAp |])
                         TableComparisons.Of(set, Metric.ImageAuroc)
                         TableReported.Of set |],
                      [| nonNull (RocPlot.Of set)
                         nonNull (ShotsPlot.Of(set, Metric.ImageAuroc))
                         nonNull (CriticalDifferencePlot.Of(set, Metric.ImageAuroc)) |]
                  )

              let folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "larger-report"))
              let sources = [| for cell in LargerStudy.cells -> CellSource cell |]

              Expect.isEmpty
                  (ReportFolder.Write(folder, "Few-shot distillation", sources, contents)).Left
                  "write folder Few-shot distillation sources contents"

              let document = File.ReadAllText(Path.Combine(folder, "document.tex"))
              Expect.stringContains document "Tables~\\ref{tab:per-category-image-auroc}--\\ref{tab:reported}." "a range of tables"
              Expect.stringContains document "Figures~\\ref{fig:roc}--\\ref{fig:critical-difference}." "a range of figures"
              Expect.isEmpty (compiled (Path.Combine(folder, "document.tex"))) "compiled folder document.tex"
          }
          test
              "a study of long names is set without scaling and without an overfull box: names leave the headings for a key, tables turn or part" {
              let set = CellSet LargerStudy.longNames

              let tables =
                  [| TablePerCategory.Of(set, Metric.ImageAuroc)
                     TablePerCategory.Of(CellSet LargerStudy.manyNames, Metric.ImageAp)
                     TableSummary.Of set
                     TableAblation.Of(set, [| Metric.ImageAuroc; Metric.ImageAp |])
                     TableComparisons.Of(set, Metric.ImageAuroc) |]

              let folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "long-names"))
              let sources = [| for cell in LargerStudy.longNames -> CellSource cell |]
              Expect.isEmpty (ReportFolder.Write(folder, "Long names", sources, ReportContents(tables, [||]))).Left "left"

              for table in tables do
                  let latex = File.ReadAllText(Path.Combine(folder, $"{table.Label}.tex"))
                  Expect.isFalse (latex.Contains "resizebox") $"{table.Label} is scaled"

                  let widths =
                      [ for found in Regex.Matches(latex, @"table-column-width=([\d.]+)pt") -> found.Groups[1].Value ]
                      |> List.distinct

                  Expect.isLessThan widths.Length 3 $"{table.Label}: columns of one kind are equally wide: {widths}"

              let turned = tables[0]

              Expect.equal
                  [ for column in turned.Columns -> column.Header ]
                  [ "Method"; "Shots"; "bottle"; "cable"; "carpet, third batch_of_the_left line"; "Mean" ]
                  "turned"

              let keyed = File.ReadAllText(Path.Combine(folder, "per-category-image-ap.tex"))
              Expect.stringContains keyed "}{c}{A}" "a letter in the heading"
              Expect.stringContains keyed "A: FALCON (noise weight 4, patterns spot)" "the key"
              Expect.isEmpty (compiled (Path.Combine(folder, "document.tex"))) "compiled"
          }
          test "every metric of every cell is in cells.csv, with all its digits" {
              use folder = new Scratch.Folder()
              report folder |> ignore
              let lines = (read folder "cells.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries)
              Expect.equal lines[0] "data_set,category,method,title,settings,shots,seed,metric,value" "heading"
              Expect.equal (lines.Length - 1) (cells.Length * 3) "lines"
              let cell = cells[5]
              let value = (nonNull (cell.Find Metric.ImageAuroc)).Value.Value
              let expected = $"MVTec AD,{cell.Category},falcon,FALCON,,{cell.Protocol.Shots},{cell.Seed},imageAuroc,{value:R}"
              Expect.contains lines expected "a line"
          }
          test "a qualitative figure shows the worst, the median and the best image of the reference method, beside the maps of all" {
              use folder = new Scratch.Folder()

              let pictured =
                  [| for method in [ falcon; stpm ] do
                         cells
                         |> Array.find (fun cell ->
                             cell.Method = method && cell.Category = "bottle" && cell.Protocol.Shots = ShotCount.Of 5)
                         |> withPictures |]

              for cell in pictured do
                  draw (folder.File "data") (folder.File cell.Method.Name) (Array.ofSeq cell.Images)

              let sources = [| for cell in pictured -> CellSource(cell, folder.File cell.Method.Name, folder.File "data") |]
              let figure = Seq.exactlyOne (QualitativeFigure.Of sources)
              Expect.equal figure.Name "qualitative-bottle" "name"
              Expect.stringContains figure.Caption "score of FALCON" "the rule"
              let piece = figure.Write(folder.File "report")
              Expect.equal piece.Files.Count (3 * 4 + 3) "three rows of photo, mask and two maps, and three files of the whole"
              let first = [ for name in piece.Files -> File.ReadAllBytes(folder.File $"report/{name}") ]

              Expect.equal
                  [ for name in figure.Write(folder.File "again").Files -> File.ReadAllBytes(folder.File $"again/{name}") ]
                  first
                  "the same bytes"

              let contents = ReportContents([||], [||], HasOverlays = false, HasQualitative = true)
              let written = ReportFolder.Write(folder.File "report", "t", sources, contents)
              Expect.isEmpty written.Left "left"
              Expect.stringContains (read folder "index.html") "src=\"qualitative-bottle.png\"" "page"
              let document = read folder "document.tex"
              Expect.stringContains document "qualitative-bottle.pdf" "document"
              let body = read folder "qualitative-bottle.tex"
              let own = "\\documentclass{article}\\usepackage{graphicx}\\begin{document}\\noindent " + body + "\\end{document}"
              File.WriteAllText(folder.File "report/own.tex", own)
              Expect.isEmpty (compiled (folder.File "report/own.tex")) "its own tabular"
              Expect.isEmpty (compiled (folder.File "report/document.tex")) "the document"
          }
          test "pictures that the store has collected are named, and the rest is written" {
              use folder = new Scratch.Folder()
              let pictured, _ = report folder
              File.Delete(folder.File "cell/maps.safetensors")
              let left = write (folder.File "report") "t" [| CellSource(pictured, folder.File "cell", folder.File "data") |] [||]
              Expect.exists left (fun finding -> finding.What.Contains "collected") "left"
              Expect.isTrue (File.Exists(folder.File "report/summary.tex")) "tables"
          }
          test "a document that LaTeX refuses is an error with its message" {
              use folder = new Scratch.Folder()
              File.WriteAllText(folder.File "bad.tex", "\\documentclass{article}\\begin{document}\\nonsense\\end{document}")

              match
                  (try
                      compiled (folder.File "bad.tex") |> ignore
                      None
                   with :? InvalidInputException as error ->
                       Some error)
              with
              | Some error -> Expect.stringContains error.Message "Undefined control sequence" "message of error"
              | None -> failtest "LaTeX accepted it."
          } ]
