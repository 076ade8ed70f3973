namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Threading
open Falcon.Experiments.Store

/// The cells that are still to be computed. A cell is taken with its lock, so that of all processes on one store each takes another; one that is being computed
/// elsewhere waits until there is nothing else, or is left to whoever computes it. Cells that are not wanted any more are left out.
[<Sealed>]
type internal CellQueue(store: Store, cells: CellGraph.CellGraph seq, ?isLeftToOthers: bool, ?isWanted: CellGraph.CellGraph -> bool) =
    let waiting = LinkedList cells
    let isLeftToOthers = defaultArg isLeftToOthers false
    let isWanted = defaultArg isWanted (fun _ -> true)
    let lockOf (graph: CellGraph.CellGraph) = Lock.path store.Folder graph.Key.Hex

    let free () =
        lock waiting (fun () ->
            let rec look (node: LinkedListNode<CellGraph.CellGraph> | null) =
                match node with
                | null -> None
                | node when not (isWanted node.Value) ->
                    let next = node.Next
                    waiting.Remove node
                    look next
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

    /// Whether a holder of what is left may be dead: soon that is known.
    let mayBecomeFree () =
        lock waiting (fun () -> waiting |> Seq.exists (fun graph -> Lock.isDoubtful store.Folder (lockOf graph)))

    /// The next cell with the right to compute it; none when there is none left.
    member this.Next(cancellation: CancellationToken) : (CellGraph.CellGraph * IDisposable) option =
        match free () with
        | Some taken -> Some taken
        | None when isLeftToOthers && mayBecomeFree () ->
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds 1.0) |> ignore
            cancellation.ThrowIfCancellationRequested()
            this.Next cancellation
        | None when isLeftToOthers -> None
        | None ->
            first ()
            |> Option.map (fun graph -> graph, Lock.acquire store.Session (lockOf graph) cancellation :> IDisposable)
