namespace Falcon.Experiments.Store

/// What a stage reads.
type Input =
    /// A content. The key stays the same when whatever made the content is recomputed to the same bytes (early cut-off).
    | Content of Digest
    /// The result of another stage, by its key: known before that stage has run, but any change further up changes this key too.
    | ResultOf of Key

/// One application of a stage: everything that determines its result, and nothing else (no paths, times, threads, verbosity).
[<Sealed>]
type StageCall =
    /// The stage's name.
    member Stage: string

    /// The version of the stage's algorithm.
    member Version: int

    /// The options of the stage.
    member Record: Canonical

    /// What it reads, by name.
    member Inputs: Map<string, Input>

    /// The canonical text of all of the above and of the format of keys.
    member Document: Canonical

    /// The SHA-256 of the document.
    member Key: Key

module StageCall =
    /// Describes one application of a stage.
    /// - `stage`: small letters, digits and hyphens, for example `teacher-features`; two stages with the same options have different keys.
    /// - `version`: raised by hand when the algorithm changes, so that earlier results are not used any more.
    /// - `record`: the options that change the result.
    /// - `inputs`: what the stage reads, each under a name of its own.
    val create: stage: string -> version: int -> record: Canonical -> inputs: (string * Input) list -> StageCall

    /// The same with so many inputs by their names; fewer names are a repetition.
    val internal ofInputs: stage: string -> version: int -> record: Canonical -> count: int -> inputs: Map<string, Input> -> StageCall

    /// Reads back a document that this store has kept under its key, which tells that it is as it was written.
    val internal ofKept: key: Key -> document: string -> StageCall

    /// Reads a document back; none when it is not one of this format.
    val internal ofDocument: document: string -> StageCall option
