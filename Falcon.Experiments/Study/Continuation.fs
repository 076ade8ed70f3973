/// Trainings that a checkpoint lets go on in the middle.
module internal Falcon.Experiments.Continuation

open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Training

/// Where the training of a cell goes on; none when it starts anew. Looks once for what has been left.
let find (store: Store) =
    let left = set [ for folder in Checkpoints.all store.Folder -> folder.Key ]

    fun (graph: CellGraph.CellGraph) ->
        if left.IsEmpty then
            None
        else
            Pipeline.tryByContent store graph.Train.Node
            |> Option.filter (fun call -> left.Contains call.Key)
            |> Option.bind (fun call -> Option.ofObj (TrainingCheckpoint.Find(Checkpoints.path store.Folder call.Key)))

/// Where that is, in words.
let describe (graph: CellGraph.CellGraph) (position: TrainingPosition) = $"continues at {position.Describe graph.Cell.Method.Plan}"
