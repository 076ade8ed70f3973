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

[<Fact>]
let ``a report without overlays needs no photos`` () =
    use folder = new Folder()
    writeData (folder.Path "photos")
    let result = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) (study (folder.Path "photos"))
    Directory.Delete(folder.Path "photos", true)
    result |> Report.write (folder.Path "report") [ Table.perCategory ImageAuroc ] |> ignore
    Assert.False(Directory.Exists(Path.Combine(folder.Path "report", "gallery")))
    Assert.True(File.Exists(Path.Combine(folder.Path "report", "table.csv")))
