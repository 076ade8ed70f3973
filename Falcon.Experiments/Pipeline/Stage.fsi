namespace Falcon.Experiments.Pipeline

open Falcon.Experiments.Store

/// How a stage computes. What one work computes may be computed together, a few applications at a time: nodes of one teacher in one batch.
[<Sealed>]
type Work =
    /// `size`: how many applications are computed together. `compute` gets their inputs and a workspace, and gives the contents of each by name.
    ///
    ///     Work.Together(8, fun (texts: string list) _ -> [ for text in texts -> [ ("length", Output.Bytes [| byte text.Length |]) ] ])
    static member Together: size: int * compute: ('Input list -> Workspace -> (string * Output) list list) -> Work

    /// One application at a time.
    ///
    ///     Work.Alone(fun (text: string) _ -> [ ("length", Output.Bytes [| byte text.Length |]) ])
    static member Alone: compute: ('Input -> Workspace -> (string * Output) list) -> Work

    member internal Size: int
    member internal Compute: ((obj | null) list -> Workspace -> (string * Output) list list)

/// One application of a stage: what determines its result, where that comes from, and how it is computed.
[<Sealed>]
type Node =
    /// The application with its inputs by their own recipes: known before anything has run.
    member Recipe: StageCall

    /// What it reads.
    member Sources: (string * Source) list

    member internal Work: Work
    member internal Input: ((string -> StageResult) -> obj | null)

/// Where an input comes from.
and Source =
    /// A content outside the store, by its digest.
    | Known of Digest
    /// Another stage.
    | Made of Node

/// What stages read, by name, and the value that it is to them. Built from `Reads.known` and `Reads.made`, joined by `Reads.both` and `Reads.all`.
[<Sealed>]
type Reads<'Value>

/// A kind of computation with its options. Its version is raised by hand when the algorithm changes.
///
///     { Name = "length"; Version = 1; Libraries = []; Record = Canonical.ofValue {| |}; Work = work; Read = fun result -> result.Seconds }
type Stage<'Input, 'Value> =
    {
        /// Small letters, digits and hyphens.
        Name: string
        Version: int
        /// The libraries that compute it, each with its version: results of another one are not used any more.
        Libraries: string list
        /// The options that change the result.
        Record: Canonical
        Work: Work
        /// The value in the result.
        Read: StageResult -> 'Value
    }

/// The result of a stage, computed or not.
[<Sealed>]
type Artifact<'Value> =
    member Node: Node
    member Read: (StageResult -> 'Value)

module Reads =
    /// Something outside the store; the value is what the stage knows it by.
    ///
    ///     Reads.known "scores" (Digest.ofFile path) path => marginStage
    val known: name: string -> digest: Digest -> value: 'Value -> Reads<'Value>

    /// The result of another stage.
    ///
    ///     Reads.made "margin" artifact => anotherStage
    val made: name: string -> artifact: Artifact<'Value> -> Reads<'Value>

    /// Both.
    ///
    ///     Reads.both (Reads.made "maps" maps) (Reads.made "margin" margin) => anotherStage
    val both: Reads<'A> -> Reads<'B> -> Reads<'A * 'B>

    /// All of a list; their names must differ.
    ///
    ///     Reads.all [ for seed, artifact in artifacts -> Reads.made $"seed{seed}" artifact ] => meanStage
    val all: Reads<'Value> list -> Reads<'Value list>

    /// The value seen otherwise.
    ///
    ///     Reads.known "scores" digest path |> Reads.map System.IO.File.ReadAllLines
    val map: ('A -> 'B) -> Reads<'A> -> Reads<'B>

[<AutoOpen>]
module Composition =
    /// Applies a stage to what it reads.
    ///
    ///     let artifact = Reads.known "scores" (Digest.ofFile path) path => marginStage
    val (=>): reads: Reads<'Input> -> stage: Stage<'Input, 'Value> -> Artifact<'Value>
