module Falcon.Reports.Tests.TableTests

open System
open Xunit
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

let private perCategory (cells: CellResult seq) = TablePerCategory.Of(CellSet(Array.ofSeq cells), Metric.ImageAuroc)

[<Fact>]
let ``the table per category in every style`` () =
    let table = perCategory cells
    Golden.equal "per-category.booktabs.tex" (TableStyle.Booktabs.Render table)
    Golden.equal "per-category.plain.tex" (TableStyle.PlainLatex.Render table)
    Golden.equal "per-category.md" (TableStyle.Markdown.Render table)
    Golden.equal "per-category.txt" (TableStyle.Console.Render table)
    Golden.equal "per-category.csv" (TableStyle.Csv.Render table)
    Golden.equal "per-category.html" (TableStyle.Html.Render table)

[<Fact>]
let ``the summary with an oracle, an undefined value and a missing cell`` () =
    let oracle shots =
        Protocol(shots, "all names", CheckpointRule.OracleOnTest(), ImageScoreReducer.TopMean 1.0, EvaluationSize.Of(256, 256))

    let cells =
        [| for cell in cells do
               if cell.Method = falcon then
                   cell
               elif cell.Protocol.Shots = 2 || cell.Category = "bottle" then
                   cellOf stpm cell.Category cell.Seed (oracle cell.Protocol.Shots) (Array.ofSeq cell.Images) |]

    Golden.equal "summary.booktabs.tex" (TableStyle.Booktabs.Render(TableSummary.Of(CellSet cells)))
    Golden.equal "summary.txt" (TableStyle.Console.Render(TableSummary.Of(CellSet cells)))
    let normal = images falcon "screw" 2 0L |> Array.filter (fun image -> not image.IsAnomalous)
    let undefined = Array.append cells [| cellOf falcon "screw" 0L (protocol 2) normal |]
    Golden.equal "undefined.txt" (TableStyle.Console.Render(perCategory undefined))

[<Fact>]
let ``with one seed there is no standard deviation, and with one method nothing is emphasised`` () =
    let table = perCategory (cells |> Seq.filter (fun cell -> cell.Method = falcon && cell.Seed = 0L))
    Golden.equal "one-seed.txt" (TableStyle.Console.Render table)

[<Fact>]
let ``numbers that print alike are equally good`` () =
    let images score = [| ImageOutcome("a", "good", false, 0.0); ImageOutcome("b", "hole", true, score) |]
    let third = MethodLabel("third", "Third")

    let table =
        perCategory
            [ cellOf falcon "bottle" 0L (protocol 2) (images 1.0)
              cellOf stpm "bottle" 0L (protocol 2) (images 2.0)
              cellOf third "bottle" 0L (protocol 2) (images 0.0) ]

    let emphasis = [ for cell in Seq.tail table.Rows[0].Cells -> (cell :?> TableCell.Number).Emphasis ]
    Assert.Equal<Emphasis list>([ Emphasis.Best; Emphasis.Best; Emphasis.Second ], emphasis)

[<Fact>]
let ``characters that are special to a style are shown, not obeyed`` () =
    let table =
        ReportTable(
            "x",
            "50 % & more_",
            [| TableColumn(@"a\b|<c>") |],
            [| TableRow [| TableCell.Text "{~^#$,\"}" |] |],
            [| TableNote("", "n & m") |]
        )

    let latex = TableStyle.Booktabs.Render table
    Assert.Contains(@"\caption{50 \% \& more\_}", latex)
    Assert.Contains(@"\{\textasciitilde{}\textasciicircum{}\#\$,''\}", latex)
    Assert.Contains(@"a\\b\|\<c\>", TableStyle.Markdown.Render table)
    Assert.Contains("a\\b|&lt;c&gt;", TableStyle.Html.Render table)
    Assert.Contains("\"{~^#$,\"\"}\"", TableStyle.Csv.Render table)

[<Fact>]
let ``several data sets part the rows of one table and the columns of the other`` () =
    let other =
        cells
        |> Array.map (fun cell ->
            CellResult(
                cell.Method,
                "MPDD",
                cell.Category + "_2",
                cell.Seed,
                cell.Protocol,
                cell.Metrics,
                cell.Images,
                cell.Timings,
                cell.Provenance
            ))

    let set = CellSet(Array.append cells other)

    Golden.equal
        "two-sets.txt"
        (TableStyle.Console.Render(TablePerCategory.Of(set, Metric.ImageAp))
         + TableStyle.Console.Render(TableSummary.Of set))
