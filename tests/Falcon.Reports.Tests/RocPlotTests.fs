module Falcon.Reports.Tests.RocPlotTests

open System
open System.IO
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

let private rocs (cells: Falcon.Results.CellResult seq) = [| for cell in cells -> nonNull (cell.Ranking().Roc()) |]

let private area (points: struct (float * float) seq) =
    points |> Seq.pairwise |> Seq.sumBy (fun (struct (x0, y0), struct (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)

[<Tests>]
let tests =
    testList
        "ROC plot"
        [ test "the area under the averaged curve is the mean AUROC, and the band encloses the curve" {
              let seeds =
                  cells
                  |> Seq.filter (fun cell -> cell.Method = falcon && cell.Protocol.Shots = ShotCount.Of 2)
                  |> Seq.groupBy _.Seed
                  |> Seq.map snd
                  |> Array.ofSeq

              let aurocs =
                  [ for seed in seeds do
                        for cell in seed -> cell.Ranking().Auroc.Value ]

              for kind in [ BandKind.Range; BandKind.StandardDeviation ] do
                  let band = RocBand.Of([| for seed in seeds -> rocs seed |], kind)

                  Expect.floatClose
                      (within 1e-12)
                      (area [ for struct (x, mean, _, _) in band.Points -> struct (x, mean) ])
                      (List.average aurocs)
                      "area struct x mean band points"

                  for struct (_, mean, low, high) in band.Points do
                      Expect.isBetween mean (low - 1e-12) (high + 1e-12) "mean"
                      Expect.isBetween low 0.0 high "low"
                      Expect.isBetween high low 1.0 "high"
          }
          test "a single curve is its own band" {
              let curve = nonNull (ImageRanking([ 0.1; 0.4; 0.35; 0.8 ], [ false; false; true; true ]).Roc())
              let points = RocBand.Of([| [| curve |] |], BandKind.Range).Points

              Expect.sequenceEqual
                  points
                  [ struct (0.0, 0.0, 0.0, 0.0)
                    struct (0.0, 0.5, 0.5, 0.5)
                    struct (0.5, 0.5, 0.5, 0.5)
                    struct (0.5, 1.0, 1.0, 1.0)
                    struct (1.0, 1.0, 1.0, 1.0) ]
                  "points"
          }
          test "the source for LaTeX and its data are the same every time" {
              let figure = RocPlot.Of(CellSet cells) |> nonNull
              Golden.equal "roc.tex" figure.Pgf
              let again = RocPlot.Of(CellSet(Array.copy cells)) |> nonNull
              Expect.equal (again.Pgf, again.Data) (figure.Pgf, figure.Data) "again pgf data"
          }
          test "the figure is drawn as PDF, SVG and PNG beside its source for LaTeX and its data" {
              use folder = new Scratch.Folder()
              Expect.isEmpty ((nonNull (RocPlot.Of(CellSet cells))).Write(folder.File "figures")) "roc plot cell set cells write"

              let starts (name: string) (bytes: byte array) =
                  Expect.equal ((File.ReadAllBytes(folder.File $"figures/{name}"))[.. bytes.Length - 1]) bytes "bytes of 1"

              starts "roc.pdf" "%PDF"B
              starts "roc.png" [| 0x89uy; byte 'P'; byte 'N'; byte 'G' |]
              let svg = File.ReadAllText(folder.File "figures/roc.svg")
              Expect.stringContains svg "FALCON, 5 shots: " "svg"
              Expect.stringContains svg "STPM_{50%}, 2 shots: " "svg"
              Expect.isTrue (File.Exists(folder.File "figures/roc.tex") && File.Exists(folder.File "figures/roc.dat")) "file exists"
          }
          test "categories of one class only have no curve" {
              let normal = images falcon "screw" 2 0L |> Array.filter (fun image -> not image.IsAnomalous)
              let only = cellOf falcon "screw" 0L (protocol 2) normal
              Expect.isNull (RocPlot.Of(CellSet [| only |])) "roc plot cell set only"

              Expect.equal
                  (nonNull (RocPlot.Of(CellSet(Array.append cells [| only |])))).Data
                  (nonNull (RocPlot.Of(CellSet cells))).Data
                  "data of roc plot cell set append cells"
          } ]
