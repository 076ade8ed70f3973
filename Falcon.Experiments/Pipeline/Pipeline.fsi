namespace Falcon.Experiments.Pipeline

open System
open System.Threading
open Falcon.Experiments.Store

/// Gives the results of stages, from the store where they are, computed where they are not.
///
/// A result is kept under two keys. The recipe names every input by the recipe that makes it: it is known before anything has run, and stays valid when what is
/// further up has been collected as garbage. The other one names every input by its content: when something further up was computed anew with the same
/// content (its algorithm has a new version, its entry was broken), the result is found there and nothing below is computed (early cut-off).
[<Sealed>]
type Pipeline =
    /// `worker` of `workers` that go through the same work: they begin at different places, so that they do not wait for one another.
    ///
    ///     use store = Store.openAt ".falcon" in (Pipeline store).Get artifact
    new: store: Store * ?cancellation: CancellationToken * ?worker: int * ?workers: int -> Pipeline

    /// What this pipeline has computed, by stage; what was found is not counted.
    ///
    ///     pipeline.Computed |> Map.tryFind "margin"
    member Computed: Map<string, int>

    /// The results of nodes, in their order.
    ///
    ///     pipeline.Results [ artifact.Node ]
    member Results: nodes: Node list -> StageResult list

    /// The value of an artifact.
    ///
    ///     let margin: float = pipeline.Get (Reads.known "scores" digest path => marginStage)
    member Get: artifact: Artifact<'Value> -> 'Value

    /// The values of several artifacts, in their order.
    ///
    ///     pipeline.GetAll [ for path in paths -> Reads.known "scores" (Digest.ofFile path) path => marginStage ]
    member GetAll: artifacts: Artifact<'Value> list -> 'Value list

module Pipeline =
    /// The name of an output that tells of the computation and not of the result (the machine, the time): it never counts as content.
    ///
    ///     [ "model", Output.Bytes weights; Pipeline.notes, Output.Bytes machine ]
    val notes: string

    /// The application of a node's stage with its inputs by content, under whose key it is computed; none when they have to be computed first.
    val internal tryByContent: store: Store -> node: Node -> StageCall option
