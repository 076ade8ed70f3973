/// The trials of a search as cells, and what is chosen by them.
module internal Falcon.Experiments.Trials

open Falcon
open Falcon.Data
open Falcon.Results

/// One point, tried for one group of cells.
type Trial = { Point: string; Change: Cell -> Cell; Group: string }

/// Cells for which one choice is made: all categories and seeds of a method with as many shots.
let group (cell: Cell) =
    let notes = String.concat "" [ for axis, value in cell.Notes -> $", {axis} {value}" ]
    $"{MethodVariant.id cell.Method}, {Shots.text cell.Shots}{notes}"

/// The cells of a round: each point on each share of the photos of each cell.
let cells (shares: (Cell * DataSet list) list) (trials: Trial list) (budget: Cell -> Cell) : (Trial * Cell) list =
    [ for cell, data in shares do
          for trial in trials do
              if trial.Group = group cell then
                  for share in data ->
                      trial,
                      { budget (trial.Change cell) with
                          Data = share
                          Shots = Shots.All
                          Sampler = ShotSampler.AllImages()
                          Notes = cell.Notes @ [ "trial", trial.Point ]
                          Swept = cell.Swept.With([], Some("trial", trial.Point)) } ]

/// The mean of a metric over the cells of each trial; none where a cell failed or has no value.
let means (metric: Falcon.Metrics.Metric) (outcomes: Map<string, CellResult>) (tried: (Trial * Cell) list) : (Trial * float option) list =
    [ for _, cells in tried |> List.groupBy (fun (trial, _) -> trial.Group, trial.Point) ->
          let values =
              [ for _, cell in cells ->
                    Map.tryFind (Cell.id cell) outcomes
                    |> Option.bind (fun result -> result.Find metric |> Option.ofObj)
                    |> Option.bind (fun value -> Option.ofNullable value.Value) ]

          let trial = fst cells.Head
          trial, (if List.forall Option.isSome values then Some(List.averageBy Option.get values) else None) ]

/// The better ones first; of equal ones the earlier.
let ranked (metric: Falcon.Metrics.Metric) (means: (Trial * float option) list) =
    [ for trial, mean in means do
          match mean with
          | Some mean -> trial, mean
          | None -> () ]
    |> List.sortBy (fun (_, mean) -> if metric.LowerIsBetter then mean else -mean)
