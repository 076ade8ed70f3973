module Falcon.Reports.Tests.PlotTests

open System
open System.ComponentModel
open System.Diagnostics
open System.Globalization
open System.IO
open System.Text.RegularExpressions
open System.Xml.Linq
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Reports
open Falcon.Results

let private set = lazy CellSet LargerStudy.cells

/// Two numbers of shots: eight curves are as many as one figure should hold.
let private few =
    lazy
        (LargerStudy.cells
         |> Array.filter (fun cell ->
             cell.Protocol.Shots = ShotCount.Of 4 || cell.Protocol.Shots = ShotCount.Of 1 && cell.Method.Name = "falcon")
         |> CellSet)

/// As a sweep of options names its methods, and a line its parts.
let private longTitles =
    lazy
        (few.Value.Cells
         |> Seq.map (fun cell ->
             let label = MethodLabel(cell.Method.Name, $"{cell.Method.Title} (epochs 10, backbone resnet18, input size 128)")
             SampleStudy.cellOf label $"{cell.Category}, third_batch of_the_left_line" cell.Seed cell.Protocol (Array.ofSeq cell.Images))
         |> Array.ofSeq
         |> CellSet)

/// Every recipe, by the name of its files, on one study.
let private recipes: (string * (unit -> Figure | null)) list =
    [ "roc", fun () -> RocPlot.Of few.Value
      "roc-long-titles", fun () -> RocPlot.Of(longTitles.Value, name = "roc-long-titles")
      "precision-recall", fun () -> PrecisionRecallPlot.Of few.Value
      "pro", fun () -> OverlapPlot.Of(few.Value, (fun cell -> CellOverlap.Of(LargerStudy.pixels cell, 0.3)))
      "scores", fun () -> ScoreHistogram.Of(LargerStudy.cells |> Array.find (fun cell -> cell.Category = "screw"))
      "shots", fun () -> ShotsPlot.Of(set.Value, Metric.ImageAuroc)
      "categories", fun () -> CategoryPlot.Of(set.Value, Metric.ImageAuroc)
      "critical-difference", fun () -> CriticalDifferencePlot.Of(set.Value, Metric.ImageAuroc)
      "categories-long-titles", fun () -> CategoryPlot.Of(longTitles.Value, Metric.ImageAuroc, name = "categories-long-titles")
      "critical-difference-long-titles",
      fun () -> CriticalDifferencePlot.Of(longTitles.Value, Metric.ImageAuroc, name = "critical-difference-long-titles")
      "training", fun () -> TrainingPlot.Of few.Value
      "cost", fun () -> CostPlot.Of(set.Value, Metric.ImageAuroc) ]

let private names = List.map fst recipes

let private figure name = nonNull ((recipes |> List.find (fun (recipe, _) -> recipe = name) |> snd) ())

/// Where the drawings of the last test run are, to be looked at; those of the documentation are copies.
let private gallery = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "plots"))

/// The numbers of one column of a figure's data.
let private column (figure: Figure) (heading: string) =
    let lines =
        figure.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        |> Array.filter (fun line -> not (line.StartsWith "#"))

    let index = Array.IndexOf(lines[0].Split ' ', heading)
    [ for line in Array.tail lines -> float (line.Split(' ')[index]) ] |> List.filter (Double.IsNaN >> not)

/// A text of a drawing and the rectangle about its letters: left, top, right and bottom.
type private Label = { Text: string; Left: float; Top: float; Right: float; Bottom: float }

let private number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

let private numbers (text: string) = [ for found in Regex.Matches(text, @"-?\d+(\.\d+)?") -> number found.Value ]

let private tryAttribute (name: string) (element: XElement) =
    element.Attributes() |> Seq.tryFind (fun attribute -> attribute.Name.LocalName = name) |> Option.map _.Value

let private attribute name element = tryAttribute name element |> Option.get

let private parse (folder: string) name = (XDocument.Load(Path.Combine(folder, $"{name}.svg"))).Root |> nonNull

/// Width and height of a drawing in its own units.
let private size (svg: XElement) =
    match numbers (attribute "viewBox" svg) with
    | [ _; _; width; height ] -> width, height
    | other -> failwith $"{other}"

let private labels (svg: XElement) =
    [ for path in svg.Descendants(XName.Get("path", "http://www.w3.org/2000/svg")) do
          match tryAttribute "aria-label" path with
          | None -> ()
          | Some text ->
              let xs, ys =
                  attribute "d" path
                  |> numbers
                  |> List.chunkBySize 2
                  |> List.map (fun point ->
                      let x, y = point[0], point[1]

                      match attribute "transform" path, numbers (attribute "transform" path) with
                      | translated, [ right; down ] when translated.StartsWith "translate" -> x + right, y + down
                      | _, [ a; b; c; d; e; f ] -> a * x + c * y + e, b * x + d * y + f
                      | other -> failwith $"{other}")
                  |> List.unzip

              { Text = text; Left = List.min xs; Top = List.min ys; Right = List.max xs; Bottom = List.max ys } ]

let private overlap a b = a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom

/// The ends of the straight strokes of a drawing.
let private strokes (svg: XElement) =
    [ for path in svg.Descendants(XName.Get("path", "http://www.w3.org/2000/svg")) do
          if tryAttribute "stroke" path |> Option.isSome then
              yield!
                  attribute "d" path
                  |> numbers
                  |> List.chunkBySize 2
                  |> List.pairwise
                  |> List.map (fun (a, b) -> a[0], a[1], b[0], b[1]) ]

/// One method whose scores rank all images right but a few.
let private nearlyPerfect wrong =
    [| for shots in [ 1; 2; 4 ] do
           let cell = SampleStudy.cell SampleStudy.falcon "bottle" shots 0L

           let images =
               [| for index, image in Seq.indexed cell.Images ->
                      let score = if image.IsAnomalous && index % 12 >= wrong then 9.0 + float index else float (index % 12)
                      ImageOutcome(image.Image, image.Defect, image.IsAnomalous, score) |]

           SampleStudy.cellOf cell.Method cell.Category cell.Seed cell.Protocol images |]

[<Tests>]
let tests =
    testList
        "Plots"
        [ testTheory "a recipe is drawn as PDF, SVG and PNG, to the same bytes every time and in every order" names (fun (name: string) ->
              use folder = new Scratch.Folder()
              let figure = figure name
              Expect.equal figure.Name name "name of figure"
              Expect.stringEnds figure.Caption "." "caption of figure"
              Expect.isEmpty (figure.Write gallery) "figure write gallery"
              Expect.isEmpty ((nonNull (RocPlot.Of(CellSet SampleStudy.cells))).Write(folder.File "other")) "roc plot cell set cells write"
              let culture = CultureInfo.CurrentCulture

              try
                  CultureInfo.CurrentCulture <-
                      CultureInfo("", NumberFormat = NumberFormatInfo(NumberDecimalSeparator = ",", NegativeSign = "~"))

                  let again = (recipes |> List.find (fun (recipe, _) -> recipe = name) |> snd) () |> nonNull
                  Expect.isEmpty (again.Write(folder.File "again")) "again write"
              finally
                  CultureInfo.CurrentCulture <- culture

              for ending, start in [ "pdf", "%PDF"B; "png", [| 0x89uy; byte 'P' |]; "svg", "<?xml"B; "tex", "% Needs"B; "dat", ""B ] do
                  let bytes = File.ReadAllBytes(Path.Combine(gallery, $"{name}.{ending}"))
                  Expect.equal (bytes[.. start.Length - 1]) start "bytes start 1"
                  Expect.equal bytes (File.ReadAllBytes(folder.File $"again/{name}.{ending}")) ending)
          testTheory "all texts are inside the figure, and none covers another" names (fun (name: string) ->
              use folder = new Scratch.Folder()
              Expect.isEmpty ((figure name).Write(folder.File ".")) "figure name write ."
              let svg = parse (folder.File ".") name
              let width, height = size svg
              let labels = labels svg
              Expect.isNonEmpty labels "labels"

              for label in labels do
                  Expect.isTrue (label.Left >= 0.0 && label.Right <= width && label.Top >= 0.0 && label.Bottom <= height) $"{label}"

              for i in 0 .. labels.Length - 1 do
                  for j in 0 .. i - 1 do
                      Expect.isFalse (overlap labels[i] labels[j]) $"{labels[i]} {labels[j]}")
          testTheory
              "in a critical-difference diagram no line runs through a name, however long"
              [ 3, 8; 4, 120; 7, 25; 12, 20; 13, 70 ]
              (fun (methods: int, letters: int) ->
                  use folder = new Scratch.Folder()
                  let stream = MasterSeed(5L).Stream("names", $"{methods}/{letters}")

                  let names =
                      [ for method in 1..methods ->
                            String.init (letters / 4) (fun i -> if (i + method) % 3 = 0 then "AB c" else "epo_") + $"{method}" ]

                  let rows =
                      [| for _ in 1..6 ->
                             [| for method in 1..methods -> float method + 3.0 * stream.NextGaussian() |]
                             :> System.Collections.Generic.IReadOnlyList<float> |]

                  let drawn = CriticalDifferencePlot.Of(FriedmanTest.Of rows, Array.ofList names, "drawn values")
                  Expect.isEmpty (drawn.Write(folder.File ".")) "drawn write ."
                  let svg = parse (folder.File ".") "critical-difference"
                  let width, _ = size svg
                  let labels = labels svg

                  for index, label in List.indexed labels do
                      Expect.isTrue (label.Left >= 0.0 && label.Right <= width) $"{label}"

                      for other in List.skip (index + 1) labels do
                          Expect.isFalse (overlap label other) $"{label} {other}"

                      for x0, y0, x1, y1 in strokes svg do
                          let line = { Text = ""; Left = min x0 x1; Right = max x0 x1; Top = min y0 y1; Bottom = max y0 y1 }
                          Expect.isFalse (overlap label line) $"{label} {line}")
          test "long titles are in the legend to the last letter" {
              use folder = new Scratch.Folder()
              Expect.isEmpty ((figure "roc-long-titles").Write(folder.File ".")) "figure roc-long-titles write ."
              let written = labels (parse (folder.File ".") "roc-long-titles") |> List.map _.Text |> String.concat " "

              for contender in longTitles.Value.Contenders do
                  Expect.stringContains written $"{contender.Title}: " "written"
          }
          test "a PDF is one page of 8.5 cm width, with its font inside, and small" {
              use folder = new Scratch.Folder()
              Expect.isEmpty ((figure "roc").Write(folder.File ".")) "figure roc write ."
              let bytes = File.ReadAllBytes(folder.File "roc.pdf")
              let text = Text.Encoding.Latin1.GetString bytes
              let box = Seq.exactlyOne (Regex.Matches(text, @"/MediaBox \[([^\]]*)\]"))

              match numbers box.Groups[1].Value with
              | [ 0.0; 0.0; width; height ] ->
                  Expect.floatClose (within 0.01) (width / 72.0 * 2.54) 8.5 "width 72.0 2.54"
                  Expect.isGreaterThan height width "the ROC plot is square, with its legend above"
              | other -> failtest $"{other}"

              Expect.stringContains text "/FontFile2" "text"
              Expect.isFalse (text.Contains "/CreationDate") "text"
              Expect.isLessThan bytes.Length 100_000 $"{bytes.Length}"
          }
          test "an SVG has the colours of its series, and no identifier that another one on the page has" {
              use folder = new Scratch.Folder()

              let identifiers =
                  [ for name in [ "roc"; "shots" ] do
                        Expect.isEmpty ((figure name).Write(folder.File ".")) "figure name write ."
                        let svg = parse (folder.File ".") name
                        let text = svg.ToString()

                        for colour in [ "#0072B2"; "#D55E00"; "#009E73"; "#CC79A7" ] do
                            Expect.stringContains text $"\"{colour}\"" "text"

                        Expect.isFalse (text.Contains "font-family") "text"

                        for element in svg.DescendantsAndSelf() do
                            match tryAttribute "id" element with
                            | None -> ()
                            | Some id ->
                                Expect.stringContains text $"url(#{id})" "text"
                                id ]

              Expect.isNonEmpty identifiers "identifiers"
              Expect.equal (List.distinct identifiers).Length identifiers.Length "number of distinct identifiers"
          }
          test "a ROC plot is square, whatever its legend needs" {
              use folder = new Scratch.Folder()

              for name in [ "roc"; "roc-long-titles" ] do
                  Expect.isEmpty ((figure name).Write(folder.File ".")) "figure name write ."

                  let ticks =
                      labels (parse (folder.File ".") name)
                      |> List.filter (fun label -> label.Text = "0.0" || label.Text = "1.0")
                      |> List.map (fun label -> (label.Left + label.Right) / 2.0, (label.Top + label.Bottom) / 2.0)

                  let xs, ys = List.unzip ticks
                  let low = ticks |> List.filter (fun (_, y) -> y > List.max ys - 1.0)
                  let across = (List.max (List.map fst low)) - (List.min (List.map fst low))
                  let up = ticks |> List.filter (fun (x, _) -> x < List.min xs + 1.0) |> List.map snd
                  Expect.equal low.Length 2 "number of low"
                  Expect.equal up.Length 2 "number of up"
                  Expect.floatClose (within 1.0) (List.max up - List.min up) across "max up min"
          }
          testTheory "percentages that hardly differ still have three numbers or more on their axis" [ 0; 1; 2 ] (fun (wrong: int) ->
              use folder = new Scratch.Folder()
              let drawn: Figure | null = ShotsPlot.Of(CellSet(nearlyPerfect wrong), Metric.ImageAuroc)
              Expect.isEmpty ((nonNull drawn).Write(folder.File ".")) "drawn write ."

              let ticks =
                  labels (parse (folder.File ".") "shots")
                  |> List.filter (fun label -> Regex.IsMatch(label.Text, @"^\d+\.\d$"))
                  |> List.map (fun label -> number label.Text)

              Expect.isGreaterThanOrEqual ticks.Length 3 $"{ticks}"

              for tick in ticks do
                  Expect.isBetween tick 0.0 100.0 "tick")
          test "a logarithmic axis has three numbers or more, over decades and over little" {
              use folder = new Scratch.Folder()

              let seconds values =
                  let cells =
                      [| for shots, value in List.zip [ 1; 2; 4 ] values do
                             let cell = SampleStudy.cell SampleStudy.falcon "bottle" shots 0L

                             CellResult(
                                 cell.Method,
                                 cell.DataSet,
                                 cell.Category,
                                 cell.Seed,
                                 cell.Protocol,
                                 cell.Metrics,
                                 cell.Images,
                                 Timings(0.0, value, 1.0, 1.0),
                                 cell.Provenance
                             ) |]

                  let drawn: Figure | null = CostPlot.Of(CellSet cells, Metric.ImageAuroc)
                  Expect.isEmpty ((nonNull drawn).Write(folder.File ".")) "drawn write ."
                  let labels = labels (parse (folder.File ".") "cost")
                  let axis = labels |> List.find (fun label -> label.Text.StartsWith "Seconds")

                  labels
                  |> List.filter (fun label -> label.Bottom < axis.Top && label.Bottom > axis.Top - 15.0)
                  |> List.map _.Text

              Expect.equal (seconds [ 0.6; 30.0; 700.0 ]) [ "1"; "10"; "100"; "1000" ] "seconds 0.6 30.0 700.0"
              Expect.equal (seconds [ 30.0; 60.0; 210.0 ]) [ "50"; "100"; "200" ] "seconds 30.0 60.0 210.0"
              Expect.isGreaterThanOrEqual (seconds [ 40.0; 41.0; 42.0 ]).Length 3 "number of seconds 40.0 41.0 42.0"
          }
          test "a machine without a font is told which one to install, and the source for LaTeX is written all the same" {
              use folder = new Scratch.Folder()
              let fonts = PlotFonts.In [ folder.File "nowhere" ]
              Expect.isNull fonts.Name "name of fonts"
              let error = raised<InvalidInputException>(fun () -> (figure "roc").Write(folder.File ".", fonts) |> ignore)
              Expect.stringContains error.Message "no sans-serif font" "message of error"
              Expect.stringContains (Seq.exactlyOne error.Findings).Fix "apt-get install fonts-dejavu-core" "fix of error"
              Expect.sequenceEqual folder.Names [ "roc.dat"; "roc.tex" ] "names of folder"
          }
          test "files that are no fonts are passed over, and usual fonts come first" {
              use folder = new Scratch.Folder()
              let font = nonNull PlotFonts.OfMachine.File
              File.Copy(font, folder.File $"AAA{Path.GetExtension font}")
              File.WriteAllText(folder.File "Arial.ttf", "no font")

              Expect.equal
                  ((PlotFonts.In [ folder.File "." ]).File |> nonNull |> Path.GetFullPath)
                  (folder.File $"AAA{Path.GetExtension font}")
                  "in . get full path"

              Directory.CreateDirectory(folder.File "below") |> ignore
              File.Copy(font, folder.File "below/DejaVuSans.ttf")

              Expect.equal
                  ((PlotFonts.In [ folder.File "." ]).File |> nonNull |> Path.GetFullPath)
                  (folder.File "below/DejaVuSans.ttf")
                  "in . get full path"
          }
          test "names in any script are drawn, and characters that no font has are named" {
              use folder = new Scratch.Folder()
              // Only the one font, whatever else this machine has.
              File.Copy(nonNull PlotFonts.OfMachine.File, folder.File "font.ttf")
              let fonts = PlotFonts.In [ folder.File "font.ttf" |> Path.GetDirectoryName |> string ]

              let named title =
                  [| for cell in SampleStudy.cells do
                         if cell.Method = SampleStudy.falcon then
                             SampleStudy.cellOf (MethodLabel("m", title)) cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images) |]

              let write title = (nonNull (RocPlot.Of(CellSet(named title)))).Write(folder.File "figures", fonts)
              Expect.isEmpty (write "Größe α ± 2 × β – naïve <&\"'>  \t\n two") "write"
              let written = labels (parse (folder.File "figures") "roc") |> List.map _.Text
              Expect.stringContains (String.concat "" written) "Größe α ± 2 × β – naïve <&\"'> two, 2 shots: " "string written"
              let finding = Seq.exactlyOne (write "方法 \U000F0000 \u0001")
              Expect.stringContains finding.What "方 (U+65B9)" "what of finding"
              Expect.stringContains finding.What "U+F0000" "what of finding"
              Expect.equal finding.Where "figure roc" "where of finding"

              Expect.stringContains
                  (labels (parse (folder.File "figures") "roc") |> List.map _.Text |> String.concat " ")
                  "?? ?"
                  "text of labels parse figures roc"
          }
          test "LaTeX draws every recipe from the same data without an overfull box" {
              use folder = new Scratch.Folder()

              for name, _ in recipes do
                  let figure = figure name
                  File.WriteAllText(folder.File $"{name}.tex", figure.Pgf)
                  File.WriteAllText(folder.File $"{name}.dat", figure.Data)

              let inputs =
                  recipes
                  |> List.map (fun (name, _) -> $"\\begin{{figure}}[p]\\centering\\input{{{name}}}\\end{{figure}}\\clearpage\n")
                  |> String.concat ""

              File.WriteAllText(
                  folder.File "all.tex",
                  $"\\documentclass{{article}}\n\\usepackage[utf8]{{inputenc}}\n\\usepackage{{textcomp,pgfplots}}\n\\pgfplotsset{{compat=1.17}}\n\\begin{{document}}\n{inputs}\\end{{document}}\n"
              )

              let start = ProcessStartInfo("pdflatex", "-interaction=nonstopmode -halt-on-error all.tex", RedirectStandardOutput = true)
              start.WorkingDirectory <- folder.File "."

              let run () =
                  use latex = nonNull (Process.Start start)
                  let log = latex.StandardOutput.ReadToEnd()
                  latex.WaitForExit()
                  latex.ExitCode, log

              match
                  (try
                      Some(run ())
                   with :? Win32Exception ->
                       None)
              with
              | None -> skiptest "pdflatex is not installed."
              | Some(_, log) when log.Contains "pgfplots.sty' not found" -> skiptest "LaTeX's pgfplots is not installed."
              | Some(code, log) ->
                  Expect.equal code 0 log
                  Expect.isFalse (log.Contains "Overfull") "log"
                  Directory.CreateDirectory gallery |> ignore
                  File.Copy(folder.File "all.pdf", Path.Combine(gallery, "pgfplots.pdf"), true)
          }
          test "the shots plot shows the means of the table, in percent" {
              let figure = figure "shots"
              let contender = set.Value.Contenders[0]
              let expected = (set.Value.MeasureMean("MVTec AD", contender, Metric.ImageAuroc)).Estimate |> nonNull
              Expect.floatClose (within 1e-9) ((column figure "y1")[0]) (100.0 * expected.Mean) "column figure y1 0"

              Expect.floatClose
                  (within 1e-9)
                  ((column figure "reach0")[0])
                  (100.0 * expected.StandardDeviation.Value)
                  "column figure reach0 0"

              Expect.equal (column figure "x1").Length 3 "number of column figure x1"
          }
          test "the average precision is the area under the precision-recall curve that is drawn" {
              let cell = LargerStudy.cells[0]
              let figure = nonNull (PrecisionRecallPlot.Of(CellSet [| cell |]))

              Expect.floatClose
                  (within 1e-2)
                  (List.average (column figure "y0"))
                  (Metric.ImageAp.Of(cell.Ranking())).Value
                  "average column figure y0"
          }
          test "the area under the PRO curve that is drawn is AUPRO" {
              let cell = LargerStudy.cells[0]
              let drawn: Figure | null = OverlapPlot.Of(CellSet [| cell |], (fun cell -> CellOverlap.Of(LargerStudy.pixels cell, 0.3)))
              let figure = nonNull drawn
              let points = List.zip (column figure "x0") (column figure "y0")
              let area = points |> List.pairwise |> List.sumBy (fun ((x0, y0), (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)
              Expect.floatClose (within 5e-3) (area / 0.3) ((LargerStudy.pixels cell).Aupro(0.3).Value) "area 0.3"
          }
          test "a method has one colour in all figures, dashes tell shots apart, and bands are drawn of few curves or when asked for" {
              let looks (figure: Figure) =
                  [ for found in
                        Regex.Matches(
                            figure.Pgf,
                            @"addplot\[falcon([0-9A-F]{6}), ([^,]+), line width=[^\]]*\] table[^\n]*\n\s*\\addlegendentry\{([^}:]*), (\d)"
                        ) -> found.Groups[1].Value, found.Groups[2].Value, found.Groups[3].Value, found.Groups[4].Value ]

              let curves = looks (nonNull (RocPlot.Of set.Value))
              Expect.equal curves.Length 12 "four methods, three numbers of shots"

              for _, same in curves |> List.groupBy (fun (_, _, method, _) -> method) do
                  Expect.equal (same |> List.distinctBy (fun (colour, _, _, _) -> colour) |> List.length) 1 "one colour"

              for _, same in curves |> List.groupBy (fun (_, _, _, shots) -> shots) do
                  Expect.equal (same |> List.distinctBy (fun (_, dash, _, _) -> dash) |> List.length) 1 "one dash"

              Expect.equal (curves |> List.distinctBy (fun (colour, dash, _, _) -> colour, dash) |> List.length) 12 "all differ"
              let colour = curves |> List.pick (fun (colour, _, method, _) -> if method = "STPM" then Some colour else None)
              Expect.stringContains (figure "cost").Pgf $"falcon{colour}" "the colour of STPM"

              let bands (figure: Figure | null) = Regex.Matches((nonNull figure).Pgf, "fill opacity").Count
              Expect.equal (bands (RocPlot.Of set.Value)) 0 "twelve curves"
              Expect.equal (bands (RocPlot.Of(set.Value, hasBands = true))) 12 "asked for"
              let one = CellSet(LargerStudy.cells |> Array.filter (fun cell -> cell.Protocol.Shots = ShotCount.Of 4))
              Expect.equal (bands (RocPlot.Of one)) 4 "four curves"
              Expect.isFalse ((nonNull (RocPlot.Of set.Value)).Caption.Contains "band") "the caption says nothing of bands"
          }
          test "LaTeX has the heading of the legend, and as many ticks on logarithmic axes as the drawing" {
              Expect.stringContains (figure "roc").Pgf "\\addlegendimage{empty legend}\n    \\addlegendentry{AUROC in percent}" "heading"
              let cost = (figure "cost").Pgf
              Expect.stringContains cost "xticklabels={{50},{100},{200},{500},{1000}}" "ticks"
          }
          test "the numbers of shots in the cost plot stand clear of bars, marks and one another" {
              use folder = new Scratch.Folder()
              Expect.isEmpty ((figure "cost").Write(folder.File ".")) "write"
              let svg = parse (folder.File ".") "cost"

              let numbers = labels svg |> List.filter (fun label -> List.contains label.Text [ "1"; "2"; "4" ])

              Expect.equal numbers.Length 12 "numbers"

              for label in numbers do
                  for x0, y0, x1, y1 in strokes svg do
                      if x0 = x1 then
                          let line = { Text = ""; Left = x0 - 0.3; Right = x1 + 0.3; Top = min y0 y1; Bottom = max y0 y1 }
                          Expect.isFalse (overlap label line) $"{label} {line}"
          }
          test "training shows what methods descend, or the losses that are chosen, by readable names" {
              let losses =
                  [| LossCurve("oneMinusCosine", [| 0.5; 0.4 |])
                     LossCurve("loss", [| 2.0; 1.0 |])
                     LossCurve("never", [| 0.0; 0.0 |]) |]

              let cell = LargerStudy.cells[0]

              let cells =
                  CellSet
                      [| CellResult(
                             cell.Method,
                             cell.DataSet,
                             cell.Category,
                             cell.Seed,
                             cell.Protocol,
                             cell.Metrics,
                             cell.Images,
                             cell.Timings,
                             cell.Provenance,
                             losses
                         ) |]

              let titles (figure: Figure | null) =
                  [ for found in Regex.Matches((nonNull figure).Data, "# x\\d+, y\\d+: (.*)") -> found.Groups[1].Value ]

              Expect.equal (titles (TrainingPlot.Of cells)) [ "FALCON, 1 shot" ] "the sum"

              Expect.equal
                  (titles (TrainingPlot.Of(cells, [| "oneMinusCosine"; "loss"; "never" |])))
                  [ "FALCON, 1 shot: one minus cosine"; "FALCON, 1 shot: loss" ]
                  "chosen ones"
          }
          test "cells are shown for one kind of defect, with metrics of its images alone" {
              let set = CellSet SampleStudy.cells
              Expect.equal (List.ofSeq set.Defects) [ "crack"; "print" ] "kinds"
              let crack = set.OfDefect "crack"
              let cell, whole = crack.Cells[0], set.Cells[0]
              Expect.equal cell.Images.Count 21 "twelve good ones and nine"
              let images = whole.Images |> Seq.filter (fun image -> image.Defect <> "print") |> Array.ofSeq
              let ranking = ImageRanking([| for image in images -> image.Score |], [| for image in images -> image.IsAnomalous |])
              Expect.equal (nonNull (cell.Find Metric.ImageAuroc)).Value ranking.Auroc "AUROC"
              Expect.equal (Seq.length (set.ByDefect().Categories "MVTec AD")) 4 "two categories of two kinds"
              Expect.isNotNull (CategoryPlot.Of(set.ByDefect(), Metric.ImageAuroc)) "drawn"
          }
          test "a histogram counts every image once" {
              let cell = LargerStudy.cells[0]
              let figure = nonNull (ScoreHistogram.Of cell)
              let counted heading = (column figure heading |> List.sum) / 2.0
              Expect.equal (counted "y1") 40.0 "counted y1"
              Expect.equal (counted "y3") 60.0 "counted y3"
          }
          test "what cannot be drawn is no figure" {
              let one = CellSet [| LargerStudy.cells[0] |]
              Expect.isNull (ShotsPlot.Of(one, Metric.ImageAuroc)) "shots plot one image auroc"
              Expect.isNull (CriticalDifferencePlot.Of(one, Metric.ImageAuroc)) "critical difference plot one image auroc"
              Expect.isNull (CategoryPlot.Of(one, Metric.PixelAuroc)) "category plot one pixel auroc"
              Expect.isNull (CostPlot.Of(one, Metric.PixelAuroc)) "cost plot one pixel auroc"
              Expect.isNull (OverlapPlot.Of(one, fun _ -> null)) "overlap plot one"
              Expect.isNull (TrainingPlot.Of(CellSet SampleStudy.cells)) "training plot cell set cells"
          } ]
