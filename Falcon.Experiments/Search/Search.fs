namespace Falcon.Experiments

open System
open Falcon
open Falcon.Metrics
open Falcon.Randomness

[<NoComparison; NoEquality>]
type Search = { Name: string; Trials: Axis; Budgets: Axis option; Metric: Metric; Folds: int }

module Search =
    let private joined (axes: Axis list) =
        match axes with
        | [] -> raise (InvalidInputException("has no axes", "search", "Give it some: [ Axis.over \"epochs\" [ 20; 50 ] change ]."))
        | first :: rest ->
            let all = List.fold Axis.product first rest

            if all.Points.IsEmpty then
                raise (InvalidInputException("has no points", $"axis '{all.Name}'", "Give each axis some values."))

            all

    let private search name trials = { Name = name; Trials = trials; Budgets = None; Metric = Metric.ImageAuroc; Folds = 2 }

    let grid space = search "grid search" (joined space)

    let random trials seed space =
        let all = joined space

        if trials < 1 then
            raise (InvalidInputException($"{trials} is no number of trials", "random search", "Give at least 1."))

        let order = Array.ofList all.Points
        MasterSeed(int64 seed).Stream("random-search").Shuffle<string * (Cell -> Cell)>(Span order)
        search "random search" { all with Points = order |> Array.truncate trials |> List.ofArray }

    let halving (budgets: Axis) search =
        if budgets.Points.Length < 2 then
            raise (InvalidInputException("has fewer than two budgets", $"axis '{budgets.Name}'", "Give budgets that grow: 5, 20, 80."))

        { search with Name = "successive halving"; Budgets = Some budgets }

    let by metric search = { search with Metric = metric }

    let folds count search =
        if count < 2 then
            raise (InvalidInputException($"{count} shares hold nothing out", "Search.folds", "Give at least 2."))

        { search with Folds = count }

    let describe search =
        let points = if search.Trials.Points.Length = 1 then "1 point" else $"{search.Trials.Points.Length} points"

        $"{search.Name} over {points} of {search.Trials.Name} by {search.Metric.Title} on held-out training images, good and with synthetic anomalies, in {search.Folds} shares"
