/// What the trials of a round came to.
module internal Falcon.Experiments.TrialTable

open System.IO
open System.Text
open Falcon
open Falcon.Reports

let private text value = TableCell.Text value :> TableCell

/// The trials, the better ones first; those that failed last.
let of' (search: Search) (budget: string) (means: (Trials.Trial * float option) list) =
    let ranked = Trials.ranked search.Metric means

    let failed =
        [ for trial, mean in means do
              if mean.IsNone then trial ]

    let rows =
        [ for (group, trials) in ranked |> List.groupBy (fun (trial, _) -> trial.Group) do
              for trial, mean in trials -> TableRow [| text group; text trial.Point; text (Estimate.Percent mean) |]
          for trial in failed -> TableRow [| text trial.Group; text trial.Point; text "failed" |] ]

    let round = if budget = "" then "" else $", {search.Budgets.Value.Name} {budget}"

    ReportTable(
        "trials",
        $"Trials{round}, {search.Metric.Title} in percent: the mean over categories, seeds and shares, without any test image.",
        [| TableColumn("Method", ColumnAlignment.Left)
           TableColumn(search.Trials.Name, ColumnAlignment.Left)
           TableColumn search.Metric.Title |],
        Array.ofList rows,
        [||]
    )

/// Writes them beside the results of their study.
let write (folder: string) search budget means =
    let content: byte array = Encoding.UTF8.GetBytes(TableStyle.Csv.Render(of' search budget means))
    Directory.CreateDirectory folder |> ignore
    AtomicFile.Write(Path.Combine(folder, "trials.csv"), (fun stream -> stream.Write(content, 0, content.Length)))
