module Falcon.Experiments.Tests.ReportTests

open System.IO
open System.Threading
open Xunit
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy

[<Fact>]
let ``a report shows what is on disk, as tables, curves and overlays`` () =
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
    Assert.Equal<string list>([ Path.Combine(report, "index.html") ], reported.Reports)
    let table = File.ReadAllText(Path.Combine(report, "table.tex"))

    for expected in [ "plate"; "cloth"; "random teacher"; "2 shots" ] do
        Assert.Contains(expected, table)

    Assert.Contains("Image AP", File.ReadAllText(Path.Combine(report, "summary.md")))
    let overlays = Directory.GetFiles(Path.Combine(report, "gallery"), "*.png", SearchOption.AllDirectories)
    Assert.Equal(2, overlays |> Array.filter (fun path -> Path.GetFileName path = "contact-sheet.png") |> Array.length)
    Assert.Equal(8, overlays |> Array.filter (fun path -> Path.GetFileName path <> "contact-sheet.png") |> Array.length)
    Assert.Equal(4, (Report.cells result.Folder).Length)

let private written (report: string) =
    [ for path in Directory.GetFiles(report, "*", SearchOption.AllDirectories) -> path, File.GetLastWriteTimeUtc path ]

[<Fact>]
let ``a report of unchanged results comes from the store, other sections make another report and nothing else`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = study (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    let report = folder.Path "report"
    let write sections = Study.runWith (Listener()) CancellationToken.None runtime study |> Report.write report sections
    write [ Table.perCategory ImageAuroc; Plot.scores; Gallery.overlays ] |> ignore
    let first = written report
    File.WriteAllText(Path.Combine(report, "table.csv"), "spoilt")
    write [ Table.perCategory ImageAuroc; Plot.scores; Gallery.overlays ] |> ignore
    let again = written report
    Assert.Equal(2, List.zip first again |> List.filter (fun (a, b) -> a <> b) |> List.length)
    Assert.NotEqual<string>("spoilt", File.ReadAllText(Path.Combine(report, "table.csv")))

    let other = write [ Table.summary ]
    Assert.Equal<Map<string, int>>(Map.empty, other.Computed)

    Assert.False(
        Directory.Exists(Path.Combine(report, "gallery"))
        && Directory.GetFiles(Path.Combine(report, "gallery"), "*", SearchOption.AllDirectories).Length > 0
    )

    Assert.True(File.Exists(Path.Combine(report, "table.tex")))

[<Fact>]
let ``a check finds every table that no longer says what the store says`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let study = study (folder.Path "photos")
    let runtime = runtime (folder.Path "out")
    let report = folder.Path "report"

    Study.runWith (Listener()) CancellationToken.None runtime study
    |> Report.write report [ Table.perCategory ImageAuroc; Table.summary ]
    |> ignore

    Assert.Empty(Report.check runtime report)
    let table = Path.Combine(report, "summary.csv")
    File.WriteAllText(table, File.ReadAllText table |> String.map (fun digit -> if digit = '0' then '1' else digit))
    let finding = Assert.Single(Report.check runtime report)
    Assert.Equal(table, finding.Where)
    let error = Assert.Throws<Falcon.InvalidInputException>(fun () -> Report.check runtime (folder.Path "photos") |> ignore)
    Assert.Contains("no report", error.Message)

[<Fact>]
let ``every section is read back from its text`` () =
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
          Plot.cost RegionOverlap
          Gallery.overlays ]

    Assert.Equal<Section option list>(List.map Some sections, sections |> List.map (Section.text >> Section.tryParse))
    Assert.Equal(None, Section.tryParse "table of contents")

[<Fact>]
let ``a report without overlays needs no photos`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let result = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) (study (folder.Path "photos"))
    Directory.Delete(folder.Path "photos", true)
    result |> Report.write (folder.Path "report") [ Table.perCategory ImageAuroc ] |> ignore
    Assert.False(Directory.Exists(Path.Combine(folder.Path "report", "gallery")))
    Assert.True(File.Exists(Path.Combine(folder.Path "report", "table.csv")))
