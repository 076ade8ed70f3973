module Falcon.Reports.Tests.TableTests

open System
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

let private perCategory (cells: CellResult seq) = TablePerCategory.Of(CellSet(Array.ofSeq cells), Metric.ImageAuroc)

[<Tests>]
let tests =
    testList
        "Tables"
        [ test "the table per category in every style" {
              let table = perCategory cells
              Golden.equal "per-category.booktabs.tex" (TableStyle.Booktabs.Render table)
              Golden.equal "per-category.md" (TableStyle.Markdown.Render table)
              Golden.equal "per-category.txt" (TableStyle.Console.Render table)
              Golden.equal "per-category.csv" (TableStyle.Csv.Render table)
              Golden.equal "per-category.html" (TableStyle.Html.Render table)
          }
          test "the summary with an oracle, an undefined value and a missing cell" {
              let oracle shots =
                  EvaluationProtocol(
                      shots,
                      "all names",
                      CheckpointRule.OracleOnTest(),
                      ImageScoreReducer.TopMean 1.0,
                      EvaluationSize.Of(256, 256)
                  )

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
          }
          test "protocols that a method has with some shots alone name these" {
              let kept (cell: CellResult) =
                  if cell.Protocol.Shots = ShotCount.Of 2 then
                      CheckpointRule.BestOnTraining() :> CheckpointRule
                  else
                      CheckpointRule.BestOnNormalValidation()

              let set =
                  CellSet
                      [| for cell in cells do
                             let protocol =
                                 if cell.Method = falcon then
                                     cell.Protocol
                                 else
                                     EvaluationProtocol(
                                         cell.Protocol.Shots,
                                         cell.Protocol.Sampler,
                                         kept cell,
                                         cell.Protocol.ImageScore,
                                         cell.Protocol.EvaluationSize
                                     )

                             cellOf cell.Method cell.Category cell.Seed protocol (Array.ofSeq cell.Images) |]

              let lines =
                  [ for note in (TableSummary.Of set).Notes do
                        if note.Text.StartsWith "Protocol of" then note.Text.Split(':')[0] ]

              Expect.equal
                  (List.sort lines)
                  [ "Protocol of FALCON"; "Protocol of STPM_{50%} with 2 shots"; "Protocol of STPM_{50%} with 5 shots" ]
                  "whose they are"
          }
          test "all images are a number of shots of their own, after every number, and stand beside what was published for all" {
              let all =
                  EvaluationProtocol(
                      ShotCount.All,
                      "all images",
                      CheckpointRule.LastEpoch(),
                      ImageScoreReducer.Maximum(),
                      EvaluationSize.Original
                  )

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

              Expect.equal (column (TableSummary.Of set) "Shots") [ "2"; "5"; "all" ] "column table summary Shots"

              Expect.equal
                  [ for contender in set.Contenders -> contender.Title ]
                  [ "RD++, 2 shots"; "RD++, 5 shots"; "RD++, all images" ]
                  "contender title"

              let reported = TableReported.Of set
              let last = reported.Rows[reported.Rows.Count - 1].Cells

              for cell in [ last[3]; last[4] ] do
                  Expect.isTrue ((cell: obj) :? TableCell.Number) "cell"
          }
          test "with one seed there is no standard deviation, and with one method nothing is emphasised" {
              let table = perCategory (cells |> Seq.filter (fun cell -> cell.Method = falcon && cell.Seed = 0L))
              Golden.equal "one-seed.txt" (TableStyle.Console.Render table)
          }
          test "numbers that print alike are equally good" {
              let images score = [| ImageOutcome("a", "good", false, 0.0); ImageOutcome("b", "hole", true, score) |]
              let third = MethodLabel("third", "Third")

              let table =
                  perCategory
                      [ cellOf falcon "bottle" 0L (protocol 2) (images 1.0)
                        cellOf stpm "bottle" 0L (protocol 2) (images 2.0)
                        cellOf third "bottle" 0L (protocol 2) (images 0.0) ]

              let emphasis = [ for cell in Seq.tail table.Rows[0].Cells -> (cell :?> TableCell.Number).Emphasis ]
              Expect.equal emphasis [ Emphasis.Best; Emphasis.Best; Emphasis.Second ] "emphasis"
          }
          test "of false alarms and misses the fewest are the best" {
              let heldOut = [| 1.0; 1.1; 0.9 |]

              let cell method (good: float) =
                  let images =
                      [| ImageOutcome("a", "good", false, good)
                         ImageOutcome("b", "good", false, 0.5)
                         ImageOutcome("c", "hole", true, 9.0) |]

                  let cell = cellOf method "bottle" 0L (protocol 2) images
                  let value = Metric.FalseAlarms().Of(ImageRanking([| good; 0.5; 9.0 |], [| false; false; true |], heldOut))

                  CellResult(
                      cell.Method,
                      cell.DataSet,
                      cell.Category,
                      cell.Seed,
                      cell.Protocol,
                      [| MetricValue(Metric.FalseAlarms(), value) |],
                      cell.Images,
                      cell.Timings,
                      cell.Provenance
                  )

              let table = TablePerCategory.Of(CellSet [| cell falcon 8.0; cell stpm 0.1 |], Metric.FalseAlarms())
              let emphasis = [ for cell in Seq.tail table.Rows[0].Cells -> (cell :?> TableCell.Number).Emphasis ]
              Expect.equal emphasis [ Emphasis.Second; Emphasis.Best ] "emphasis"
          }
          test "characters that are special to a style are shown, not obeyed" {
              let table =
                  ReportTable(
                      "x",
                      "50 % & more_",
                      [| TableColumn(@"a\b|<c>") |],
                      [| TableRow [| TableCell.Text "{~^#$,\"}" |] |],
                      [| TableNote("", "n & m") |]
                  )

              let latex = TableStyle.Booktabs.Render table
              Expect.stringContains latex @"\caption{50 \% \& more\_}" "latex"
              Expect.stringContains latex @"\{\textasciitilde{}\textasciicircum{}\#\$,''\}" "latex"
              Expect.stringContains (TableStyle.Markdown.Render table) @"a\\b\|\<c\>" "render table"
              Expect.stringContains (TableStyle.Html.Render table) "a\\b|&lt;c&gt;" "render table"
              Expect.stringContains (TableStyle.Csv.Render table) "\"{~^#$,\"\"}\"" "render table"
          }
          test "several data sets part the rows of one table and the columns of the other" {
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
          }
          test "numbers that differ significantly from the best of their shots are starred, in every style" {
              let table = TableSummary.Of(CellSet LargerStudy.cells)
              Golden.equal "significant.txt" (TableStyle.Console.Render table)
              let stars (text: string) (star: string) = (text.Split star).Length - 1
              let expected = stars (TableStyle.Console.Render table) "[*]"
              Expect.isBetween expected 2 100 "expected"
              Expect.equal (stars (TableStyle.Html.Render table) "<sup>*</sup>") expected "stars render table"
              Expect.equal (stars (TableStyle.Markdown.Render table) "<sup>\\*</sup>") expected "stars render table"
              Expect.equal (stars (TableStyle.Booktabs.Render table) "\\textsuperscript{$\\ast$}") expected "stars render table"
          }
          test "a star is given exactly to those whose corrected p-value is below 5 %" {
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

                  let number = row.Cells[2] :?> TableCell.Number
                  Expect.equal number.Mark (if p < 0.05 then "*" else "") "mark of row cells 2 number"
                  Expect.equal number.PValue (System.Nullable p) "the p-value"
                  let written = if p < 0.001 then "p &lt; 0.001" else $"p = {p:F3}"
                  Expect.stringContains (TableStyle.Html.Render table) $"<small class=\"p\">{written}</small>" "in view on the page"
          }
          test "where no values could be significant, the table says how few there are, not that nothing is significant" {
              let all = CellSet LargerStudy.cells
              let category, seeds = LargerStudy.cells[0].Category, [ for cell in LargerStudy.cells -> cell.Seed ] |> List.distinct

              let notes pairs =
                  let kept = Set(List.truncate pairs seeds)
                  let few = LargerStudy.cells |> Array.filter (fun cell -> cell.Category = category && kept.Contains cell.Seed)
                  [ for note in (TableSummary.Of(CellSet few)).Notes -> note.Text ]

              let rivals = (all.Contenders |> Seq.countBy _.Shots |> Seq.map snd |> Seq.max) - 1

              for pairs in 1 .. min 4 seeds.Length do
                  let smallest = min 1.0 (float rivals * 2.0 ** float (1 - pairs))
                  let words = if pairs = 1 then "1 pair" else $"{pairs} pairs"

                  if smallest >= 0.05 then
                      Expect.exists
                          (notes pairs)
                          (fun note ->
                              note.StartsWith $"Differences are not tested: {words}"
                              && note.EndsWith $"smallest possible p {smallest:``0.###``}.")
                          $"{notes pairs}"
          }
          test "failed cells are named under the table, and numbers that lack them are marked" {
              let failed = FailedCell(stpm, "MVTec AD", "bottle", ShotCount.Of 2, 1L, "out of memory")
              let dead = [ for seed in [ 0L .. 2L ] -> FailedCell(stpm, "MVTec AD", "bottle", ShotCount.Of 5, seed, "loss is NaN") ]

              let left =
                  cells
                  |> Array.filter (fun cell ->
                      not (cell.Method = stpm && cell.Category = "bottle" && (cell.Protocol.Shots = ShotCount.Of 5 || cell.Seed = 1L)))

              let table = TablePerCategory.Of(CellSet(left, Array.ofList (failed :: dead)), Metric.ImageAuroc)
              Golden.equal "failed.txt" (TableStyle.Console.Render table)
          }
          test "an ablation shows each variant's change against the first one of its method, over the pairs that both have" {
              // Two variants of one method beside another method.
              let variant = MethodLabel("falcon", "FALCON (noise weight 4)")

              let variants =
                  [| for cell in cells do
                         let method = if cell.Method = stpm then variant else cell.Method
                         cellOf method cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images)

                         if cell.Method = stpm then cell |]

              let set = CellSet variants
              let table = TableAblation.Of set
              Golden.equal "ablation.txt" (TableStyle.Console.Render table)
              Golden.equal "ablation.tex" (TableStyle.Booktabs.Render table)
              let contender method = set.Contenders |> Seq.find (fun c -> c.Method = method && c.Shots = ShotCount.Of 2)

              let expected =
                  PairedComparison.Of(set, contender variant, contender falcon, Metric.ImageAuroc)
                  |> nonNull
                  |> _.Differences
                  |> Seq.average

              let row = table.Rows |> Seq.find (fun row -> row.Cells[0] = TableCell.Text variant.Title)
              Expect.floatClose (within 1e-12) (row.Cells[3] :?> TableCell.Difference).Fraction expected "the change"
              let other = table.Rows |> Seq.find (fun row -> row.Cells[0] = TableCell.Text stpm.Title)
              Expect.equal other.Cells[3] (TableCell.Text "") "a method without variants has no change"
          }
          test "every pair of methods is compared with its effect sizes and corrected p-value" {
              Golden.equal "comparisons.txt" (TableStyle.Console.Render(TableComparisons.Of(CellSet LargerStudy.cells, Metric.ImageAuroc)))
          }
          test "published numbers stand beside those of the study, with their source" {
              let renamed =
                  cells
                  |> Array.map (fun cell ->
                      let name = if cell.Method = stpm then MethodLabel("pcsnet", "PCSNet") else MethodLabel("rdpp", "RD++")
                      cellOf name cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images))

              let table = TableReported.Of(CellSet renamed)
              Golden.equal "reported.txt" (TableStyle.Console.Render table)

              for row in table.Rows do
                  for cell in Seq.skip 3 row.Cells do
                      Expect.notEqual cell (TableCell.Text "") "a blank without a reason"
          }
          test "published numbers are known by the names of Falcon's methods and data sets" {
              let methods: Falcon.Methods.MethodOptions list =
                  [ Falcon.Methods.StpmOptions()
                    Falcon.Methods.ReverseDistillationOptions()
                    Falcon.Methods.EfficientAdOptions()
                    Falcon.Methods.MixedTeacherOptions()
                    Falcon.Methods.RememberingNormalityOptions()
                    Falcon.Methods.PatchCoreOptions() ]

              for method in methods do
                  Expect.exists ReportedResults.All (fun result -> result.Method = method.Name) "all of reported results"

              let sets = [ for known in Falcon.Data.DataCatalog.All -> known.Name ] @ [ "MVTec AD (textures)"; "MVTec LOCO AD" ]

              Expect.isEmpty
                  ([ for result in ReportedResults.All -> result.DataSet ] |> List.distinct |> List.except sets)
                  "result data set distinct except sets"
          }
          test "published numbers are averaged over the measured categories, and a mean over others is marked" {
              let stpmOnly = cells |> Seq.filter (fun cell -> cell.Category = "bottle" && cell.Method = stpm) |> Array.ofSeq

              let pcsnet =
                  [| for cell in stpmOnly ->
                         cellOf (MethodLabel("pcsnet", "PCSNet")) cell.Category cell.Seed cell.Protocol (Array.ofSeq cell.Images) |]

              let rendered cells = TableStyle.Console.Render(TableReported.Of(CellSet cells))
              Expect.stringContains (rendered stpmOnly) "100.0" "rendered stpm only"
              Expect.isFalse ((rendered stpmOnly).Contains "95.5") "rendered stpm only"
              Expect.stringContains (rendered pcsnet) "90.4 ± 0.6[†¶]" "rendered pcsnet"

              Expect.stringContains
                  (rendered pcsnet)
                  "Over all categories of the data set, of which this study has only some."
                  "rendered pcsnet"
          }
          test "draws with replacement are marked in every table" {
              let draws shots =
                  EvaluationProtocol(
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
                  Expect.stringContains text "STPM_{50%}[§]" "text"
                  Expect.stringContains text "drawn with replacement: there may be fewer than the shots" "text"
          }
          test "published means are those of the published categories, as far as they were printed" {
              let groups =
                  ReportedResults.All
                  |> Seq.groupBy (fun result -> result.Title, result.DataSet, result.Shots, result.Metric, result.Source)
                  |> Seq.filter (fun (_, results) -> Seq.length results > 2)

              Expect.equal (Seq.length groups) 22 "groups"

              for _, results in groups do
                  let mean = results |> Seq.find (fun result -> isNull result.Category)
                  let categories = results |> Seq.filter (fun result -> not (isNull result.Category)) |> Seq.averageBy _.Value
                  Expect.floatClose (within 6e-4) categories mean.Value "categories"

              for result in ReportedResults.All do
                  Expect.isBetween result.Value 0.1 1.0 "result"
                  Expect.isNonEmpty result.Source "source of result"
          } ]
