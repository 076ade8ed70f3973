namespace Falcon.Experiments

open Falcon
open Falcon.Metrics

type Sweep =
    { Name: string
      Metrics: Metric list
      Cells: Cell list }

    interface IStudy with
        member this.Sweep = this

and IStudy =
    abstract Sweep: Sweep

[<NoComparison; NoEquality>]
type Axis = { Name: string; Points: (string * (Cell -> Cell)) list }

module Axis =
    let over name (values: 'Value list) (change: 'Value -> Cell -> Cell) =
        { Name = name; Points = [ for value in values -> $"{value}", change value ] }

    let private joined (first: Axis) (second: Axis) pairs =
        { Name = $"{first.Name}, {second.Name}"
          Points = [ for (a, changeA), (b, changeB) in pairs -> $"{a}, {b}", changeA >> changeB ] }

    let product (first: Axis) (second: Axis) = joined first second (List.allPairs first.Points second.Points)

    let zip (first: Axis) (second: Axis) =
        if first.Points.Length <> second.Points.Length then
            raise (
                InvalidInputException(
                    $"'{first.Name}' has {first.Points.Length} points and '{second.Name}' has {second.Points.Length}",
                    "Axis.zip",
                    "Give both as many points, or use Axis.product."
                )
            )

        joined first second (List.zip first.Points second.Points)

module Sweep =
    let private sweep (study: #IStudy) = (study :> IStudy).Sweep

    let private withCells (change: Cell list -> Cell list) (study: #IStudy) =
        let sweep = sweep study
        // Equal options may still ask for another architecture: one names its own, the other takes the teacher's. Of equal cells rows show all that is varied.
        let merged (same: Cell list) = { same.Head with Swept = same |> List.map _.Swept |> List.reduce (fun first -> first.And) }

        { sweep with
            Cells =
                sweep.Cells
                |> change
                |> List.groupBy (fun cell -> cell, cell.Method.NamesBackbone)
                |> List.map (snd >> merged) }

    let private same (cell: Cell) (changed: Cell) = obj.ReferenceEquals(changed, cell)

    /// What an axis varies about a cell: options of its method, and whatever else it is.
    let private varied (axis: Axis) (cell: Cell) (points: Cell list) =
        let methods = points |> List.map _.Method |> List.distinct
        let alike = methods |> List.forall (fun method -> method.GetType() = methods.Head.GetType())
        let options = if alike then MethodVariant.varying methods else []
        let shown (point: Cell) = { point with Method = cell.Method; Shots = cell.Shots; Seed = cell.Seed; Notes = cell.Notes }
        let others = points |> List.map shown |> List.distinct

        [ for (value, _), point in List.zip axis.Points points ->
              if same cell point then
                  point
              else
                  let note = if others.Length > 1 then Some(axis.Name, value) else None
                  { point with Swept = point.Swept.With(options, note) } ]

    /// Whether the points of an axis differ for none of the cells, or none of them has what the axis changes.
    let private isIdle (cells: Cell list) (points: Cell list list) =
        let differ (points: Cell list) = (List.distinct points).Length > 1
        let untouched = List.zip cells points |> List.forall (fun (cell, points) -> points |> List.forall (same cell))
        untouched || List.head points |> List.length > 1 && not (List.exists differ points)

    let along (axis: Axis) (study: #IStudy) =
        if axis.Points.IsEmpty then
            raise (InvalidInputException("has no points", $"axis '{axis.Name}'", "Give it some values."))

        let at cell (_, change: Cell -> Cell) = change cell

        let noted cell (value, _) changed =
            if changed <> cell && Cell.id changed = Cell.id cell then
                { changed with Notes = cell.Notes @ [ axis.Name, value ] }
            else
                changed

        let cells = (sweep study).Cells
        let points = [ for cell in cells -> List.map (at cell) axis.Points ]
        let changed = [ for cell, points in List.zip cells points -> varied axis cell (List.map2 (noted cell) axis.Points points) ]

        if not cells.IsEmpty && isIdle cells points then
            let methods = cells |> List.map _.Method.DisplayName |> List.distinct |> String.concat ", "

            raise (
                InvalidInputException(
                    "changes nothing: every cell is the same at each of its points",
                    $"axis '{axis.Name}'",
                    $"Vary an option of a method that the study has ({methods}), and let the change use the value."
                )
            )

        study |> withCells (fun _ -> List.concat changed)

    let axis name values change (study: #IStudy) = along (Axis.over name values change) study

    let where condition (study: #IStudy) = withCells (List.filter condition) study

    let except condition (study: #IStudy) = where (condition >> not) study

    let append (more: #IStudy) (study: #IStudy) =
        let more = sweep more
        let both = study |> withCells (fun cells -> cells @ more.Cells)
        { both with Metrics = List.distinct (both.Metrics @ more.Metrics) }

    let concat (studies: #IStudy list) =
        match studies with
        | [] -> raise (InvalidInputException("there is no study", "Sweep.concat", "Give at least one."))
        | first :: rest -> (sweep first, rest) ||> List.fold (fun sweep more -> sweep |> append more)

    let ids (study: #IStudy) = (sweep study).Cells |> List.map Cell.id
