// A table and a plot.
#load "../../experiments/falcon.fsx"

open Falcon.Experiments
open Falcon.Reports

/// The anomalous images with the lowest scores, which a detector misses first.
let hardest =
    Table.own "hardest images" (fun cells ->
        let rows =
            [| for cell in cells.Cells do
                   let missed = cell.Images |> Seq.filter _.IsAnomalous |> Seq.sortBy _.Score |> Seq.truncate 2

                   for image in missed do
                       TableRow [| TableCell.Text cell.Method.Title; TableCell.Text image.Image; TableCell.Text $"{image.Score:F3}" |] |]

        let columns =
            [| TableColumn("Method", ColumnAlignment.Left)
               TableColumn("Image", ColumnAlignment.Left)
               TableColumn "Score" |]

        ReportTable("hardest", "The anomalous images with the lowest scores.", columns, rows, cells.Notes [||]))

/// Image scores in order, a line for each method.
let ordered =
    Plot.own "ordered scores" (fun cells ->
        let series =
            [| for index, cell in Seq.indexed cells.Cells do
                   let scores = cell.Images |> Seq.map _.Score |> Seq.sort |> Array.ofSeq
                   let largest = max 1e-12 (Array.max scores)
                   let points = [| for rank, score in Array.indexed scores -> struct (float rank, score / largest) |]
                   ChartSeries.Line($"{cell.Method.Title}, seed {cell.Seed}", index, points) :> ChartSeries |]

        let images = cells.Cells |> Seq.map _.Images.Count |> Seq.max

        let x, y =
            ChartAxis.OfCounts("image, in order of its score", 0.0, float (images - 1)), ChartAxis("score over the largest", 0.0, 1.0)

        Figure.Of(Chart("ordered", "Image scores in order.", x, y, series)))
