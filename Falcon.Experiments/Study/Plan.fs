namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Reports
open Falcon.Training

[<RequireQualifiedAccess>]
type PlannedState =
    | Hit
    | Run
    | Stale
    | Failed
    | Computing

type PlannedCell = { Cell: Cell; State: PlannedState; Reason: string; Expected: float option }

type PlannedFoundation = { Name: string; State: PlannedState; Cells: string list; Expected: float option }

type Plan =
    { Study: Sweep
      Foundations: PlannedFoundation list
      Cells: PlannedCell list
      Workers: int }

    member this.Count state = this.Cells |> List.filter (fun cell -> cell.State = state) |> List.length

    member private this.Parts =
        [ for foundation in this.Foundations -> foundation.Expected ] @ [ for cell in this.Cells -> cell.Expected ]

    member this.Unknown = this.Parts |> List.filter _.IsNone |> List.length

    member this.Expected =
        match List.choose id this.Parts with
        | [] -> None
        | known when List.forall ((=) 0.0) known && this.Unknown > 0 -> None
        | known ->
            // A cell is never shared by workers: each takes the next when it is free.
            let workers = Array.zeroCreate<float>(max 1 this.Workers)

            for seconds in known do
                let free = Array.IndexOf(workers, Array.min workers)
                workers[free] <- workers[free] + seconds

            Some(Array.max workers)

module Plan =
    /// How stages differ from those that have run, in words.
    type private Differences = { TestImages: StageCall -> string list; Truth: StageCall -> string list }

    let private joined (differences: string list) = String.Join(", ", differences)

    /// What is to be said of a cell whose weights are there.
    let private missing store (differences: Differences) (graph: CellGraph.CellGraph) =
        match Store.probe store graph.Score.Node.Recipe with
        | Error _ ->
            match differences.TestImages graph.Score.Node.Recipe with
            | [] -> "to be scored"
            | told -> $"to be scored: {joined told}"
        | Ok _ ->
            let missing =
                [ for metric in graph.Metrics do
                      if (Store.probe store metric.Node.Recipe).IsError then metric.Node.Recipe ]

            if missing.IsEmpty then
                "only its record is missing"
            else
                let changed =
                    match missing |> List.collect differences.Truth |> List.distinct with
                    | [] -> ""
                    | truth -> $""": {String.Join(" and ", truth)} have changed"""

                $"to be measured: {joined (List.map Measuring.nameOf missing)}{changed}"

    let private since differences =
        match differences with
        | [] -> "nothing differs; what was there has been removed"
        | _ -> joined differences

    let private state
        store
        retryFailed
        (earlier: Lazy<EarlierCells.Trainings>)
        (named: Lazy<Map<string, Key>>)
        (differences: Differences)
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
            | None, _ when (Store.probe store train).IsOk -> PlannedState.Run, missing store differences graph
            | None, _ ->
                let same = Map.tryFind (Cell.id graph.Cell) named.Value |> Option.bind earlier.Value.TryFind

                match same, EarlierCells.nearest earlier.Value train with
                | Some same, _ -> PlannedState.Stale, since (EarlierCells.differences same train)
                | None, Some told -> PlannedState.Run, since told
                | None, None -> PlannedState.Run, "nothing like it has run"

    /// What the methods of untrained cells build on.
    let private foundations store (earlier: Lazy<EarlierCells.Trainings>) (graphs: CellGraph.CellGraph list) =
        let waiting =
            graphs
            |> List.filter (fun graph -> not graph.Foundations.IsEmpty && (Store.probe store graph.Train.Node.Recipe).IsError)

        [ for recipe, cells in
              waiting
              |> List.collect (fun graph -> [ for foundation in graph.Foundations -> foundation.Node.Recipe, graph.Cell ])
              |> List.groupBy (fun (recipe, _) -> recipe.Key)
              |> List.map (fun (_, group) -> fst group.Head, List.map snd group) do
              let cell = cells.Head

              let state =
                  match Store.probe store recipe, Store.computing store recipe with
                  | Ok _, _ -> PlannedState.Hit
                  | Error _, Some _ -> PlannedState.Computing
                  | Error _, None -> PlannedState.Run

              let method = Training.methodOf recipe

              let images =
                  match cell.Auxiliary with
                  | Some data when method.LearnsFromDefects -> $"auxiliary {data.Name}"
                  | _ -> $"{cell.Data.Name} {cell.Category}, {Shots.text cell.Shots}"

              { Name = $"{method.DisplayName}, {images}, seed {cell.Seed}"
                State = state
                Cells = List.map Cell.id cells
                Expected = if state = PlannedState.Hit then Some 0.0 else EarlierCells.expected earlier.Value recipe } ]

    let make store workers retryFailed (sweep: Sweep) (graphs: CellGraph.CellGraph list) =
        // Nothing of this is read when every cell is there.
        let earlier = lazy EarlierCells.all store
        let named = lazy EarlierCells.trainingOf store
        let scoring = lazy EarlierCells.expectedScoring store
        let measuring = lazy EarlierCells.expectedMeasuring store
        let differences = { TestImages = EarlierCells.testImageDifferences store; Truth = EarlierCells.changedTruth store }
        let continues = Continuation.find store

        let expected (graph: CellGraph.CellGraph) =
            let unless (node: Pipeline.Node) estimate = if (Store.probe store node.Recipe).IsOk then Some 0.0 else estimate node.Recipe

            // Holding out costs about as much as training.
            let holdingOut =
                match graph.HeldOut with
                | Some heldOut -> unless heldOut.Node (fun _ -> EarlierCells.expected earlier.Value graph.Train.Node.Recipe)
                | None -> Some 0.0

            let training call =
                let left = continues graph |> Option.map (fun (position: TrainingPosition) -> position.Left) |> Option.defaultValue 1.0
                EarlierCells.expected earlier.Value call |> Option.map (fun seconds -> seconds * left)

            [ unless graph.Train.Node training
              holdingOut
              unless graph.Score.Node (fun call -> scoring.Value call)
              // A metric that has never been measured takes little beside the rest.
              for metric in graph.Metrics do
                  unless metric.Node (fun call -> measuring.Value call |> Option.orElse (Some 0.0)) ]
            |> List.reduce (Option.map2 (+))

        // What cells are compared with is read before they are looked at side by side.
        if graphs |> List.exists (fun graph -> (Store.probe store graph.Record.Node.Recipe).IsError) then
            earlier.Force() |> ignore
            named.Force() |> ignore
            scoring.Force() |> ignore
            measuring.Force() |> ignore

        { Study = sweep
          Foundations = foundations store earlier graphs
          Workers = workers
          Cells =
            graphs
            |> SideBySide.map (fun graph ->
                let state, reason = state store retryFailed earlier named differences graph

                let place =
                    if state = PlannedState.Run || state = PlannedState.Stale then
                        continues graph |> Option.map (Continuation.describe graph)
                    else
                        None

                let reason =
                    match state, place with
                    | PlannedState.Run, Some place -> place
                    | _, Some place -> $"{reason}; {place}"
                    | _, None -> reason

                { Cell = graph.Cell
                  State = state
                  Reason = reason
                  Expected =
                    match state with
                    | PlannedState.Hit
                    | PlannedState.Failed -> Some 0.0
                    | _ -> expected graph }) }

    let private time seconds = seconds |> Option.map Duration.text |> Option.defaultValue "?"

    let private text value = TableCell.Text value :> TableCell

    let private row name state (reason: string) expected =
        let expected = if state = PlannedState.Hit then "" else time expected
        TableRow [| text name; text ((string state).ToLowerInvariant()); text reason; text expected |]

    let private foundation (planned: PlannedFoundation) =
        let waiting =
            if planned.Cells.Length = 1 then
                "1 cell waits for it"
            else
                $"{planned.Cells.Length} cells wait for it"

        row planned.Name planned.State waiting planned.Expected

    let private cell (planned: PlannedCell) = row (Cell.id planned.Cell) planned.State planned.Reason planned.Expected

    let table (plan: Plan) =
        let count state = plan.Count state

        let number count (thing: string) = if count = 1 then $"1 {thing}" else $"{count} {thing}s"

        let unknown =
            match plan.Expected, plan.Unknown with
            | Some _, unknown when unknown > 0 -> $""", and the time of {number unknown "part"} that nothing is known of"""
            | _ -> ""

        let totals =
            $"""{number plan.Cells.Length "cell"}: {count PlannedState.Hit} hit, {count PlannedState.Run} run, {count PlannedState.Stale} stale, """
            + $"""{count PlannedState.Failed} failed, {count PlannedState.Computing} computed elsewhere; """
            + $"""expected {time plan.Expected} with {number plan.Workers "worker"}{unknown}"""

        ReportTable(
            "plan",
            $"Plan of {plan.Study.Name}",
            [| TableColumn("Cell", ColumnAlignment.Left)
               TableColumn("State", ColumnAlignment.Left)
               TableColumn("Reason", ColumnAlignment.Left)
               TableColumn "Expected" |],
            List.map foundation plan.Foundations @ List.map cell plan.Cells |> Array.ofList,
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

        let foundation (planned: PlannedFoundation) : JsonNode | null =
            object
                [ "name", text planned.Name
                  "state", text ((string planned.State).ToLowerInvariant())
                  "cells", JsonArray [| for id in planned.Cells -> text id |]
                  "expectedSeconds", number planned.Expected ]

        let json =
            object
                [ "study", text plan.Study.Name
                  "foundations", JsonArray [| for planned in plan.Foundations -> foundation planned |]
                  "cells", JsonArray [| for planned in plan.Cells -> cell planned |]
                  "expectedSeconds", number plan.Expected ]

        json.ToJsonString(JsonSerializerOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping))
