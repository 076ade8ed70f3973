namespace Falcon.Experiments

open Falcon.Metrics
open Falcon.Results

/// How large a study is, as far as sections depend on it.
type internal Extent =
    {
        Metrics: Metric list
        /// Methods with what sets them apart.
        Methods: int
        /// Of all data sets.
        Categories: int
        /// Different numbers of training images.
        Shots: int
        /// Of the longest training.
        Epochs: int
    }

module internal Extent =
    let private count (project: 'Item -> 'Part) items = items |> List.distinctBy project |> List.length

    let ofSweep (sweep: Sweep) =
        let epochs (method: Falcon.Methods.MethodOptions) = if method.Plan.Steps.HasValue then 2 else method.Epochs

        { Metrics = sweep.Metrics
          Methods = sweep.Cells |> count (fun cell -> (Cell.label cell).Title)
          Categories = sweep.Cells |> count (fun cell -> cell.Data.Name, cell.Category)
          Shots = sweep.Cells |> count _.Shots
          Epochs = 0 :: [ for cell in sweep.Cells -> epochs cell.Method ] |> List.max }

    let ofResults (cells: CellResult list) =
        let epochs (cell: CellResult) =
            match cell.Losses with
            | null -> 0
            | losses -> Seq.fold (fun longest (loss: LossCurve) -> max longest loss.Values.Count) 0 losses

        { Metrics = cells |> List.collect (fun cell -> [ for value in cell.Metrics -> value.Metric ]) |> List.distinct
          Methods = cells |> count _.Method.Title
          Categories = cells |> count (fun cell -> cell.DataSet, cell.Category)
          Shots = cells |> count _.Protocol.Shots
          Epochs = 0 :: List.map epochs cells |> List.max }
