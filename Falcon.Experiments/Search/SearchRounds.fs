/// The rounds of a search, each a study of its own, and the study with what they have chosen.
module internal Falcon.Experiments.SearchRounds

open Falcon
open Falcon.Data
open Falcon.Reports

/// The trials of a round, the better ones first.
let private round execute show (search: Search) shares trials name (budget, change) =
    let tried = Trials.cells shares trials change
    let study: Sweep = { Name = name; Metrics = [ search.Metric ]; Cells = List.map snd tried }
    let result: StudyResult = execute study
    let means = Trials.means search.Metric result.ById tried
    TrialTable.write result.Folder search budget means
    show (TrialTable.of' search budget means)
    Trials.ranked search.Metric means

/// The first half, with the one in the middle.
let private better (ranked: (Trials.Trial * float) list) = ranked |> List.truncate ((ranked.Length + 1) / 2) |> List.map fst

/// Runs them; `execute` runs a study, `show` shows a table. Raises `InvalidInputException` where no trial of a method came to an end.
let run
    (execute: IStudy -> StudyResult)
    (show: ReportTable -> unit)
    (search: Search)
    (shares: (Cell * DataSet list) list)
    (sweep: Sweep)
    : Sweep =
    let budgets = search.Budgets |> Option.map _.Points |> Option.defaultValue [ "", id ]
    let nameOf index = if budgets.Length = 1 then $"{sweep.Name}-search" else $"{sweep.Name}-search-{index + 1}"

    let isSearched (cell: Cell) = search.Trials.Points |> List.exists (fun (_, change) -> change cell <> cell)

    if not (List.exists isSearched sweep.Cells) then
        raise (InvalidInputException("no cell has what it varies", search.Name, "Vary an option of a method that the study has."))

    let all =
        [ for group in sweep.Cells |> List.filter isSearched |> List.map Trials.group |> List.distinct do
              for point, change in search.Trials.Points -> ({ Point = point; Change = change; Group = group }: Trials.Trial) ]

    let goOn (trials: Trials.Trial list, _) (index, budget) =
        let ranked = round execute show search shares trials (nameOf index) budget
        let groups = ranked |> List.groupBy (fun (trial, _) -> trial.Group)
        groups |> List.collect (snd >> better), Map [ for group, ranked in groups -> group, fst ranked.Head ]

    let _, chosen = ((all, Map.empty), List.indexed budgets) ||> List.fold goOn

    let take (cell: Cell) =
        match Map.tryFind (Trials.group cell) chosen with
        | Some trial -> { trial.Change cell with Choice = Some(Search.describe search) }
        | None when not (isSearched cell) -> cell
        | None ->
            raise (
                InvalidInputException(
                    "no trial came to an end",
                    $"search for {Trials.group cell}",
                    "See why its cells failed: 'falcon runs ls' lists them."
                )
            )

    { sweep with Cells = List.map take sweep.Cells }
