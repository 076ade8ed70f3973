module Falcon.Reports.Tests.RocPlotTests

open System
open System.IO
open Xunit
open Falcon
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

let private rocs (cells: Falcon.Results.CellResult seq) = [| for cell in cells -> nonNull (cell.Ranking().Roc()) |]

let private area (points: struct (float * float) seq) =
    points |> Seq.pairwise |> Seq.sumBy (fun (struct (x0, y0), struct (x1, y1)) -> (x1 - x0) * (y0 + y1) / 2.0)

[<Fact>]
let ``the area under the averaged curve is the mean AUROC, and the band encloses the curve`` () =
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
        Assert.Equal(List.average aurocs, area [ for struct (x, mean, _, _) in band.Points -> struct (x, mean) ], 1e-12)

        for struct (_, mean, low, high) in band.Points do
            Assert.InRange(mean, low - 1e-12, high + 1e-12)
            Assert.InRange(low, 0.0, high)
            Assert.InRange(high, low, 1.0)

[<Fact>]
let ``a single curve is its own band`` () =
    let curve = nonNull (ImageRanking([ 0.1; 0.4; 0.35; 0.8 ], [ false; false; true; true ]).Roc())
    let points = RocBand.Of([| [| curve |] |], BandKind.Range).Points

    Assert.Equal<struct (float * float * float * float) seq>(
        [ struct (0.0, 0.0, 0.0, 0.0)
          struct (0.0, 0.5, 0.5, 0.5)
          struct (0.5, 0.5, 0.5, 0.5)
          struct (0.5, 1.0, 1.0, 1.0)
          struct (1.0, 1.0, 1.0, 1.0) ],
        points
    )

[<Fact>]
let ``the script and its data are the same every time`` () =
    let figure = RocPlot.Of(CellSet cells) |> nonNull
    Golden.equal "roc.gp" figure.Script
    Assert.Equal(figure, RocPlot.Of(CellSet(Array.copy cells)))

[<Fact>]
let ``the figure is drawn as PDF, SVG and PNG beside its script and data`` () =
    if not Gnuplot.IsInstalled then Assert.Skip "gnuplot is not installed."

    use folder = new Scratch.Folder()
    Gnuplot.Draw(nonNull (RocPlot.Of(CellSet cells)), folder.File "figures")

    let starts (name: string) (bytes: byte array) =
        Assert.Equal<byte array>(bytes, (File.ReadAllBytes(folder.File $"figures/{name}"))[.. bytes.Length - 1])

    starts "roc.pdf" "%PDF"B
    starts "roc.png" [| 0x89uy; byte 'P'; byte 'N'; byte 'G' |]
    let svg = File.ReadAllText(folder.File "figures/roc.svg")
    Assert.Contains("FALCON, 5 shots: ", svg)
    Assert.Contains("STPM_{50%}, 2 shots: ", svg)
    Assert.True(File.Exists(folder.File "figures/roc.gp") && File.Exists(folder.File "figures/roc.dat"))

[<Fact>]
let ``a script that gnuplot refuses is an error with its message`` () =
    if not Gnuplot.IsInstalled then Assert.Skip "gnuplot is not installed."

    use folder = new Scratch.Folder()

    let error =
        Assert.Throws<InvalidInputException>(fun () -> Gnuplot.Draw(Figure("bad", "", "plot nonsense(\n", ""), folder.File "figures"))

    Assert.Contains("nonsense", error.Message)

[<Fact>]
let ``categories of one class only have no curve`` () =
    let normal = images falcon "screw" 2 0L |> Array.filter (fun image -> not image.IsAnomalous)
    let only = cellOf falcon "screw" 0L (protocol 2) normal
    Assert.Null(RocPlot.Of(CellSet [| only |]))
    Assert.Equal((nonNull (RocPlot.Of(CellSet cells))).Data, (nonNull (RocPlot.Of(CellSet(Array.append cells [| only |])))).Data)
