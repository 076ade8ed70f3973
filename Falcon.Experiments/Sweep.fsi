namespace Falcon.Experiments

open Falcon.Metrics

/// The cells of a study in their order, and what is measured of each. A value: count, order and ids are known before anything runs.
type Sweep =
    {
        /// The name, also that of the folder of its results.
        Name: string
        /// What is measured.
        Metrics: Metric list
        /// The cells in the order in which they run.
        Cells: Cell list
    }

    interface IStudy

/// What can be run: an `Experiment`, or a `Sweep` made of one.
///
///     let count (study: IStudy) = study.Sweep.Cells.Length
and IStudy =
    /// Its cells.
    abstract Sweep: Sweep

/// Something that varies: points in their order, each a change of a cell.
[<NoComparison; NoEquality>]
type Axis =
    {
        /// For titles, where nothing else shows what varies.
        Name: string
        /// What each point is called, and what it changes.
        Points: (string * (Cell -> Cell)) list
    }

module Axis =
    /// An axis of values.
    ///
    ///     Axis.over "shots" [ 1; 2; 4 ] (fun shots cell -> { cell with Shots = shots })
    val over: name: string -> values: 'Value list -> change: ('Value -> Cell -> Cell) -> Axis

    /// Every point of one with every point of the other, the last varying fastest.
    ///
    ///     study |> Sweep.along (Axis.product shots weights)
    val product: first: Axis -> second: Axis -> Axis

    /// The first with the first, the second with the second, … An `InvalidInputException` says that one is longer.
    ///
    ///     study |> Sweep.along (Axis.zip shots weights)
    val zip: first: Axis -> second: Axis -> Axis

/// Studies made of studies. Equal cells are one cell, so an axis that changes nothing about a cell does not repeat it.
module Sweep =
    /// Every cell at every point of an axis. An `InvalidInputException` says that no cell differs at any of them.
    ///
    ///     study |> Sweep.along (Axis.over "seed" [ 0..9 ] (fun seed cell -> { cell with Seed = seed }))
    val along: axis: Axis -> study: #IStudy -> Sweep

    /// Every cell with every value.
    ///
    ///     study |> Sweep.axis "noise weight" [ 1.0; 2.0 ] (fun w -> Method.map (fun (o: FalconOptions) -> FalconOptions(o, NoiseWeight = w)))
    val axis: name: string -> values: 'Value list -> change: ('Value -> Cell -> Cell) -> study: #IStudy -> Sweep

    /// The cells that satisfy a condition.
    ///
    ///     study |> Sweep.where (fun cell -> cell.Seed = 0 || cell.Shots = 5)
    val where: condition: (Cell -> bool) -> study: #IStudy -> Sweep

    /// The cells that do not.
    ///
    ///     study |> Sweep.except (fun cell -> cell.Category = "screw")
    val except: condition: (Cell -> bool) -> study: #IStudy -> Sweep

    /// The cells and metrics of both, those of the first before those of the second, under the name of the first.
    ///
    ///     study |> Sweep.along weights |> Sweep.append (study |> Sweep.along patterns)
    val append: more: #IStudy -> study: #IStudy -> Sweep

    /// The same of several, at least one; an `InvalidInputException` says that there is none.
    ///
    ///     Sweep.concat [ study; { study with Teacher = Teacher.random; Seeds = [ 7 ] } ]
    val concat: studies: #IStudy list -> Sweep

    /// The readable names of the cells, in their order.
    ///
    ///     study |> Sweep.ids |> List.iter (printfn "%s")
    val ids: study: #IStudy -> string list
