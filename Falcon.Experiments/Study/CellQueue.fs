namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Threading
open Falcon.Experiments.Store

/// The cells that are still to be computed. A cell is taken with its lock, so that of all processes on one store each takes another; one that is being computed
/// elsewhere waits until there is nothing else.
[<Sealed>]
type internal CellQueue(store: Store, cells: CellGraph.CellGraph seq) =
    let waiting = LinkedList cells
    let lockOf (graph: CellGraph.CellGraph) = Lock.path store.Folder graph.Key.Hex

    let free () =
        lock waiting (fun () ->
            let rec look (node: LinkedListNode<CellGraph.CellGraph> | null) =
                match node with
                | null -> None
                | node ->
                    match Lock.tryAcquire store.Session (lockOf node.Value) with
                    | Some right ->
                        waiting.Remove node
                        Some(node.Value, right :> IDisposable)
                    | None -> look node.Next

            look waiting.First)

    let first () =
        lock waiting (fun () ->
            match waiting.First with
            | null -> None
            | node ->
                waiting.Remove node
                Some node.Value)

    /// The next cell with the right to compute it; none when there is none left.
    member _.Next(cancellation: CancellationToken) : (CellGraph.CellGraph * IDisposable) option =
        match free () with
        | Some taken -> Some taken
        | None ->
            first ()
            |> Option.map (fun graph -> graph, Lock.acquire store.Session (lockOf graph) cancellation :> IDisposable)
