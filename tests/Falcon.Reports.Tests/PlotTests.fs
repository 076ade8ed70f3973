module Falcon.Reports.Tests.PlotTests

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open Xunit
open Falcon.Metrics
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

/// As a sweep of options names its methods.
let private longTitles =
    lazy
        (few.Value.Cells
         |> Seq.map (fun cell ->
             let label = MethodLabel(cell.Method.Name, $"{cell.Method.Title} (epochs 10, backbone resnet18, input size 128)")
             SampleStudy.cellOf label cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images))
         |> Array.ofSeq
         |> CellSet)

/// Every recipe, by the name of its files, on one study.
let private recipes: (string * (unit -> Figure | null)) list =
    [ "roc", fun () -> RocPlot.Of few.Value
      "roc-long-titles", fun () -> RocPlot.Of(longTitles.Value, name = "roc-long-titles")
      "precision-recall", fun () -> PrecisionRecallPlot.Of few.Value
      "pro", fun () -> OverlapPlot.Of(few.Value, LargerStudy.pixels)
      "scores", fun () -> ScoreHistogram.Of(LargerStudy.cells |> Array.find (fun cell -> cell.Category = "screw"))
      "shots", fun () -> ShotsPlot.Of(set.Value, Metric.ImageAuroc)
      "categories", fun () -> CategoryPlot.Of(set.Value, Metric.ImageAuroc)
      "critical-difference", fun () -> CriticalDifferencePlot.Of(set.Value, Metric.ImageAuroc)
      "training", fun () -> TrainingPlot.Of few.Value
      "cost", fun () -> CostPlot.Of(set.Value, Metric.ImageAuroc) ]

let names: TheoryData<string> = TheoryData<string>(recipes |> List.map fst |> Array.ofList)

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

[<Theory>]
[<MemberData(nameof names)>]
let ``a recipe is drawn without a warning as PDF, SVG and PNG, the same every time`` (name: string) =
    if not Gnuplot.IsInstalled then Assert.Skip "gnuplot is not installed."
    let figure = figure name
    Assert.Equal(name, figure.Name)
    Assert.Equal(figure, (recipes |> List.find (fun (recipe, _) -> recipe = name) |> snd) ())
    Assert.EndsWith(".", figure.Caption)
    Gnuplot.Draw(figure, gallery)

    for ending, start in [ "pdf", "%PDF"B; "png", [| 0x89uy; byte 'P' |]; "svg", "<?xml"B ] do
        Assert.Equal<byte array>(start, (File.ReadAllBytes(Path.Combine(gallery, $"{name}.{ending}")))[.. start.Length - 1])

[<Fact>]
let ``LaTeX draws every recipe from the same data without an overfull box`` () =
    use folder = new Scratch.Folder()

    for name, _ in recipes do
        let figure = figure name
        File.WriteAllText(folder.File $"{name}.tex", nonNull figure.Pgf)
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
    | None -> Assert.Skip "pdflatex is not installed."
    | Some(_, log) when log.Contains "pgfplots.sty' not found" -> Assert.Skip "LaTeX's pgfplots is not installed."
    | Some(code, log) ->
        Assert.True((code = 0), log)
        Assert.DoesNotContain("Overfull", log)
        Directory.CreateDirectory gallery |> ignore
        File.Copy(folder.File "all.pdf", Path.Combine(gallery, "pgfplots.pdf"), true)

[<Fact>]
let ``the shots plot shows the means of the table, in percent`` () =
    let figure = figure "shots"
    let contender = set.Value.Contenders[0]
    let expected = (set.Value.MeasureMean("MVTec AD", contender, Metric.ImageAuroc)).Estimate |> nonNull
    Assert.Equal(100.0 * expected.Mean, (column figure "y1")[0], 1e-9)
    Assert.Equal(100.0 * expected.StandardDeviation.Value, (column figure "reach0")[0], 1e-9)
    Assert.Equal(3, (column figure "x1").Length)

[<Fact>]
let ``the average precision is the area under the precision-recall curve that is drawn`` () =
    let cell = LargerStudy.cells[0]
    let figure = nonNull (PrecisionRecallPlot.Of(CellSet [| cell |]))
    Assert.Equal((Metric.ImageAp.Of(cell.Ranking())).Value, List.average (column figure "y0"), 1e-2)

[<Fact>]
let ``the area under the PRO curve that is drawn is AUPRO`` () =
    let cell = LargerStudy.cells[0]
    let drawn: Figure | null = OverlapPlot.Of(CellSet [| cell |], LargerStudy.pixels)
    let figure = nonNull drawn
    let points = List.zip (column figure "x0") (column figure "y0")
    let area = points |> List.pairwise |> List.sumBy (fun ((x0, y0), (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)
    Assert.Equal((LargerStudy.pixels cell).Aupro(0.3).Value, area / 0.3, 5e-3)

[<Fact>]
let ``a histogram counts every image once`` () =
    let cell = LargerStudy.cells[0]
    let figure = nonNull (ScoreHistogram.Of cell)
    let counted heading = (column figure heading |> List.sum) / 2.0
    Assert.Equal(40.0, counted "y1")
    Assert.Equal(60.0, counted "y3")

[<Fact>]
let ``what cannot be drawn is no figure`` () =
    let one = CellSet [| LargerStudy.cells[0] |]
    Assert.Null(ShotsPlot.Of(one, Metric.ImageAuroc))
    Assert.Null(CriticalDifferencePlot.Of(one, Metric.ImageAuroc))
    Assert.Null(CategoryPlot.Of(one, Metric.PixelAuroc))
    Assert.Null(CostPlot.Of(one, Metric.PixelAuroc))
    Assert.Null(OverlapPlot.Of(one, fun _ -> null))
    Assert.Null(TrainingPlot.Of(CellSet SampleStudy.cells))
