namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Reports

[<RequireQualifiedAccess>]
type PlannedState =
    | Hit
    | Run
    | Stale
    | Failed
    | Computing

type PlannedCell = { Cell: Cell; State: PlannedState; Reason: string; Expected: float option }

type Plan =
    { Study: Sweep
      Cells: PlannedCell list
      Workers: int }

    member this.Count state = this.Cells |> List.filter (fun cell -> cell.State = state) |> List.length

    member this.Expected =
        if this.Cells |> List.forall _.Expected.IsSome then
            Some((this.Cells |> List.sumBy _.Expected.Value) / float this.Workers)
        else
            None

module Plan =
    /// What is to be said of a cell whose weights are there.
    let private missing store (graph: CellGraph.CellGraph) =
        match Store.probe store graph.Score.Node.Recipe with
        | Error _ -> "to be scored"
        | Ok _ ->
            let missing =
                [ for metric in graph.Metrics do
                      if (Store.probe store metric.Node.Recipe).IsError then
                          Measuring.nameOf metric.Node.Recipe ]

            if missing.IsEmpty then
                "only its record is missing"
            else
                $"""to be measured: {String.Join(", ", missing)}"""

    let private joined (differences: string list) =
        match differences with
        | [] -> "nothing differs; what was there has been removed"
        | _ -> String.Join(", ", differences)

    let private state
        store
        retryFailed
        (earlier: Lazy<EarlierCells.Earlier list>)
        (named: Lazy<Map<string, Key>>)
        (graph: CellGraph.CellGraph)
        =
        let train = graph.Train.Node.Recipe

        match Store.probe store graph.Record.Node.Recipe with
        | Ok _ -> PlannedState.Hit, ""
        | Error miss ->
            match Store.computing store graph.Record.Node.Recipe, Failures.tryFind store graph.Key with
            | Some owner, _ -> PlannedState.Computing, $"by {owner}"
            | None, Some failure when not retryFailed -> PlannedState.Failed, failure.Message
            | None, _ when miss <> NotComputed -> PlannedState.Run, Miss.describe miss
            | None, _ when (Store.probe store train).IsOk -> PlannedState.Run, missing store graph
            | None, _ ->
                let same =
                    Map.tryFind (Cell.id graph.Cell) named.Value
                    |> Option.bind (fun key -> earlier.Value |> List.tryFind (fun candidate -> candidate.Key = key))

                match same, EarlierCells.nearest earlier.Value train with
                | Some same, _ -> PlannedState.Stale, joined (EarlierCells.differences same train)
                | None, Some differences -> PlannedState.Run, joined differences
                | None, None -> PlannedState.Run, "nothing like it has run"

    let make store workers retryFailed (sweep: Sweep) (graphs: CellGraph.CellGraph list) =
        // Nothing of this is read when every cell is there.
        let earlier = lazy EarlierCells.all store
        let named = lazy EarlierCells.trainingOf store
        let scoring = lazy EarlierCells.expectedScoring store

        let expected (graph: CellGraph.CellGraph) =
            let unless (node: Pipeline.Node) estimate = if (Store.probe store node.Recipe).IsOk then Some 0.0 else estimate node.Recipe

            Option.map2 (+) (unless graph.Train.Node (EarlierCells.expected earlier.Value)) (unless graph.Score.Node scoring.Value)

        { Study = sweep
          Workers = workers
          Cells =
            [ for graph in graphs do
                  let state, reason = state store retryFailed earlier named graph

                  { Cell = graph.Cell
                    State = state
                    Reason = reason
                    Expected =
                      match state with
                      | PlannedState.Hit
                      | PlannedState.Failed -> Some 0.0
                      | _ -> expected graph } ] }

    let private time seconds =
        match seconds with
        | None -> "?"
        | Some seconds when seconds < 90.0 -> $"{seconds:F0} s"
        | Some seconds when seconds < 5400.0 -> $"{seconds / 60.0:F0} min"
        | Some seconds -> $"{seconds / 3600.0:F1} h"

    let private text value = TableCell.Text value :> TableCell

    let private row (planned: PlannedCell) =
        let expected = if planned.State = PlannedState.Hit then "" else time planned.Expected

        TableRow
            [| text (Cell.id planned.Cell)
               text ((string planned.State).ToLowerInvariant())
               text planned.Reason
               text expected |]

    let table (plan: Plan) =
        let count state = plan.Count state

        let totals =
            $"{plan.Cells.Length} cells: {count PlannedState.Hit} hit, {count PlannedState.Run} run, {count PlannedState.Stale} stale, \
              {count PlannedState.Failed} failed, {count PlannedState.Computing} computed elsewhere; expected {time plan.Expected} with {plan.Workers} workers"

        ReportTable(
            "plan",
            $"Plan of {plan.Study.Name}",
            [| TableColumn("Cell", ColumnAlignment.Left)
               TableColumn("State", ColumnAlignment.Left)
               TableColumn("Reason", ColumnAlignment.Left)
               TableColumn "Expected" |],
            List.map row plan.Cells |> Array.ofList,
            [| TableNote("", totals) |]
        )

    let json (plan: Plan) =
        let text (value: string) : JsonNode | null = JsonValue.Create value

        let number (value: float option) : JsonNode | null =
            match value with
            | Some value -> JsonValue.Create value
            | None -> null

        let object (fields: (string * (JsonNode | null)) list) = JsonObject [ for name, value in fields -> KeyValuePair(name, value) ]

        let cell (planned: PlannedCell) : JsonNode | null =
            object
                [ "id", text (Cell.id planned.Cell)
                  "state", text ((string planned.State).ToLowerInvariant())
                  "reason", text planned.Reason
                  "expectedSeconds", number planned.Expected ]

        let json =
            object
                [ "study", text plan.Study.Name
                  "cells", JsonArray [| for planned in plan.Cells -> cell planned |]
                  "expectedSeconds", number plan.Expected ]

        json.ToJsonString(JsonSerializerOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping))
