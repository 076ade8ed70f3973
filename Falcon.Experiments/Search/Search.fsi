namespace Falcon.Experiments

open Falcon.Metrics

/// A search for options, as a value: which points are tried, by which metric, and how. It looks at training images alone: of each cell's photos some are held out,
/// and stand as they are and with synthetic anomalies for the test images. `Study.tuned` runs it.
[<NoComparison; NoEquality>]
type Search =
    {
        /// What it is called in folders, ids and protocols: `random search`.
        Name: string
        /// The points, each a change of a cell.
        Trials: Axis
        /// Budgets that grow, from the first, on which all points are tried, to the last; of each the better half goes on. None for one round.
        Budgets: Axis option
        /// What decides: the mean over categories, seeds and shares.
        Metric: Metric
        /// Into how many shares a cell's photos are split, each held out once.
        Folds: int
    }

module Search =
    /// Every point of the axes, each with every point of the others.
    ///
    ///     Search.grid [ Axis.over "weight" [ 1.0; 2.0 ] change ]
    val grid: space: Axis list -> Search

    /// Points drawn at random from those of the axes; the same seed draws the same, and a longer search begins with a shorter one's.
    ///
    ///     Search.random 20 0 [ weights; epochs ]
    val random: trials: int -> seed: int -> space: Axis list -> Search

    /// Successive halving (Jamieson and Talwalkar, AISTATS 2016): all points on the first budget, the better half of them on the next, and so on.
    ///
    ///     Search.random 16 0 space |> Search.halving (Axis.over "epochs" [ 5; 20; 80 ] change)
    val halving: budgets: Axis -> search: Search -> Search

    /// The same by another metric; image AUROC without it.
    ///
    ///     Search.random 20 0 space |> Search.by PixelAuroc
    val by: metric: Metric -> search: Search -> Search

    /// The same with photos in other shares; two without it.
    ///
    ///     Search.random 20 0 space |> Search.folds 5
    val folds: count: int -> search: Search -> Search

    /// The search in words, for protocols.
    val internal describe: search: Search -> string
