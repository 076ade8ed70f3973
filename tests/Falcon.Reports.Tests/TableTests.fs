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
               elif cell.Protocol.Shots = ShotCount.Of 2 || cell.Category = "bottle" then
                   cellOf stpm cell.Category cell.Seed (oracle cell.Protocol.Shots) (Array.ofSeq cell.Images) |]

    Golden.equal "summary.booktabs.tex" (TableStyle.Booktabs.Render(TableSummary.Of(CellSet cells)))
    Golden.equal "summary.txt" (TableStyle.Console.Render(TableSummary.Of(CellSet cells)))
    let normal = images falcon "screw" 2 0L |> Array.filter (fun image -> not image.IsAnomalous)
    let undefined = Array.append cells [| cellOf falcon "screw" 0L (protocol 2) normal |]
    Golden.equal "undefined.txt" (TableStyle.Console.Render(perCategory undefined))

[<Fact>]
let ``all images are a number of shots of their own, after every number, and stand beside what was published for all`` () =
    let all =
        Protocol(ShotCount.All, "all images", CheckpointRule.LastEpoch(), ImageScoreReducer.Maximum(), EvaluationSize.Original)

    let method = MethodLabel("rdpp", "RD++")

    let set =
        CellSet
            [| for cell in cells do
                   if cell.Method = falcon && cell.Category = "bottle" then
                       for protocol in [ all; cell.Protocol ] do
                           if protocol <> all || cell.Protocol.Shots = ShotCount.Of 2 then
                               cellOf method cell.Category cell.Seed protocol (Array.ofSeq cell.Images) |]

    let column (table: ReportTable) name =
        let index = table.Columns |> Seq.findIndex (fun column -> column.Header = name)
        [ for row in table.Rows -> string (row.Cells[index] :?> TableCell.Text).Value ]

    Assert.Equal<string list>([ "2"; "5"; "all" ], column (TableSummary.Of set) "Shots")

    Assert.Equal<string list>(
        [ "RD++, 2 shots"; "RD++, 5 shots"; "RD++, all images" ],
        [ for contender in set.Contenders -> contender.Title ]
    )

    let reported = TableReported.Of set
    let last = reported.Rows[reported.Rows.Count - 1].Cells
    Assert.All([ last[3]; last[4] ], (fun cell -> Assert.IsType<TableCell.Number> cell |> ignore))

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

[<Fact>]
let ``numbers that differ significantly from the best of their shots are starred, in every style`` () =
    let table = TableSummary.Of(CellSet LargerStudy.cells)
    Golden.equal "significant.txt" (TableStyle.Console.Render table)
    let stars (text: string) (star: string) = (text.Split star).Length - 1
    let expected = stars (TableStyle.Console.Render table) "[*]"
    Assert.InRange(expected, 2, 100)
    Assert.Equal(expected, stars (TableStyle.Html.Render table) "<sup>*</sup>")
    Assert.Equal(expected, stars (TableStyle.Markdown.Render table) "<sup>\\*</sup>")
    Assert.Equal(expected, stars (TableStyle.Booktabs.Render table) "\\textsuperscript{$\\ast$}")

[<Fact>]
let ``a star is given exactly to those whose corrected p-value is below 5 %`` () =
    let set = CellSet LargerStudy.cells
    let table = TableSummary.Of set
    let contenders = set.Contenders |> Seq.filter (fun c -> c.Shots = ShotCount.Of 4) |> List.ofSeq
    let best = contenders |> List.find (fun c -> c.Method.Title = "FALCON")
    let rivals = contenders |> List.filter (fun c -> c <> best)
    let tests = [ for rival in rivals -> (nonNull (PairedComparison.Of(set, best, rival, Metric.ImageAuroc))).Test.PValue ]

    for rival, p in Seq.zip rivals (Holm.Adjust(Array.ofList tests)) do
        let row =
            table.Rows
            |> Seq.find (fun row -> row.Cells[0] = TableCell.Text rival.Method.Title && row.Cells[1] = TableCell.Text "4")

        Assert.Equal((if p < 0.05 then "*" else ""), (row.Cells[2] :?> TableCell.Number).Mark)

[<Fact>]
let ``failed cells are named under the table, and numbers that lack them are marked`` () =
    let failed = CellFailure(stpm, "MVTec AD", "bottle", ShotCount.Of 2, 1L, "out of memory")
    let dead = [ for seed in [ 0L .. 2L ] -> CellFailure(stpm, "MVTec AD", "bottle", ShotCount.Of 5, seed, "loss is NaN") ]

    let left =
        cells
        |> Array.filter (fun cell ->
            not (cell.Method = stpm && cell.Category = "bottle" && (cell.Protocol.Shots = ShotCount.Of 5 || cell.Seed = 1L)))

    let table = TablePerCategory.Of(CellSet(left, Array.ofList (failed :: dead)), Metric.ImageAuroc)
    Golden.equal "failed.txt" (TableStyle.Console.Render table)

[<Fact>]
let ``an ablation shows each variant's change against the first one, over the pairs that both have`` () =
    let table = TableAblation.Of(CellSet cells)
    Golden.equal "ablation.txt" (TableStyle.Console.Render table)
    Golden.equal "ablation.tex" (TableStyle.Booktabs.Render table)
    let set = CellSet cells
    let first, second = set.Contenders[0], set.Contenders[2]
    let expected = PairedComparison.Of(set, second, first, Metric.ImageAuroc) |> nonNull |> _.Differences |> Seq.average
    Assert.Equal(expected, (table.Rows[1].Cells[3] :?> TableCell.Difference).Fraction, 1e-12)

[<Fact>]
let ``every pair of methods is compared with its effect sizes and corrected p-value`` () =
    Golden.equal "comparisons.txt" (TableStyle.Console.Render(TableComparisons.Of(CellSet LargerStudy.cells, Metric.ImageAuroc)))

[<Fact>]
let ``published numbers stand beside those of the study, with their source`` () =
    let renamed =
        cells
        |> Array.map (fun cell ->
            let name = if cell.Method = stpm then MethodLabel("pcsnet", "PCSNet") else MethodLabel("rdpp", "RD++")
            cellOf name cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images))

    Golden.equal "reported.txt" (TableStyle.Console.Render(TableReported.Of(CellSet renamed)))

[<Fact>]
let ``published numbers are known by the names of Falcon's methods and data sets`` () =
    let methods: Falcon.Methods.MethodOptions list =
        [ Falcon.Methods.StpmOptions()
          Falcon.Methods.ReverseDistillationOptions()
          Falcon.Methods.EfficientAdOptions()
          Falcon.Methods.MixedTeacherOptions()
          Falcon.Methods.RememberingNormalityOptions()
          Falcon.Methods.PatchCoreOptions() ]

    for method in methods do
        Assert.Contains(ReportedResults.All, fun result -> result.Method = method.Name)

    let sets = [ for known in Falcon.Data.DataCatalog.All -> known.Name ] @ [ "MVTec AD (textures)"; "MVTec LOCO AD" ]
    Assert.Empty([ for result in ReportedResults.All -> result.DataSet ] |> List.distinct |> List.except sets)

[<Fact>]
let ``published numbers are averaged over the measured categories, and a mean over others is marked`` () =
    let stpmOnly = cells |> Seq.filter (fun cell -> cell.Category = "bottle" && cell.Method = stpm) |> Array.ofSeq

    let pcsnet =
        [| for cell in stpmOnly -> cellOf (MethodLabel("pcsnet", "PCSNet")) cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images) |]

    let rendered cells = TableStyle.Console.Render(TableReported.Of(CellSet cells))
    Assert.Contains("100.0", rendered stpmOnly)
    Assert.DoesNotContain("95.5", rendered stpmOnly)
    Assert.Contains("90.4 ± 0.6[¶]", rendered pcsnet)
    Assert.Contains("Over all categories of the data set, of which this study has only some.", rendered pcsnet)

[<Fact>]
let ``draws with replacement are marked in every table`` () =
    let draws shots =
        Protocol(
            shots,
            "k draws with replacement",
            CheckpointRule.LastEpoch(),
            ImageScoreReducer.Maximum(),
            EvaluationSize.Original,
            Repeats = true
        )

    let drawn =
        [| for cell in cells do
               if cell.Method = stpm then
                   cellOf stpm cell.Category cell.Seed (draws cell.Protocol.Shots) (Array.ofSeq cell.Images)
               else
                   cell |]

    for table in [ perCategory drawn; TableSummary.Of(CellSet drawn); TableComparisons.Of(CellSet drawn, Metric.ImageAuroc) ] do
        let text = TableStyle.Console.Render table
        Assert.Contains("STPM_{50%}[§]", text)
        Assert.Contains("drawn with replacement: there may be fewer than the shots", text)

[<Fact>]
let ``published means are those of the published categories, as far as they were printed`` () =
    let groups =
        ReportedResults.All
        |> Seq.groupBy (fun result -> result.Title, result.DataSet, result.Shots, result.Metric, result.Source)
        |> Seq.filter (fun (_, results) -> Seq.length results > 2)

    Assert.Equal(22, Seq.length groups)

    for _, results in groups do
        let mean = results |> Seq.find (fun result -> isNull result.Category)
        let categories = results |> Seq.filter (fun result -> not (isNull result.Category)) |> Seq.averageBy _.Value
        Assert.Equal(mean.Value, categories, 6e-4)

    for result in ReportedResults.All do
        Assert.InRange(result.Value, 0.1, 1.0)
        Assert.NotEmpty result.Source
