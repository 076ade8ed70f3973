namespace Falcon.Experiments

open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Results

/// A named file content: what a cell's result depends on, whatever folder the file is in.
type NamedContent =
    {
        /// The name, which also selects the file's random streams.
        Name: string
        /// SHA-256 of the content.
        Digest: string
    }

/// Everything that determines the result of a cell, files by their contents.
type CellInputs =
    {
        /// The method with all its options.
        Method: MethodOptions
        /// How the numbers are obtained; shots and sampler are part of it.
        Protocol: Protocol
        /// The master seed.
        Seed: int
        /// SHA-256 of the teacher's weights.
        Teacher: string
        /// The training images in the order of their selection.
        Training: NamedContent list
        /// SHA-256 over names and contents of the test images and their masks.
        Test: string
    }

/// The identity of a cell's result: cells with equal keys have equal results, on the same machine to the bit.
type CellKey =
    {
        /// The digest of the document.
        Key: Key
        /// The inputs, where the test set stands as a digest.
        Document: Canonical
    }

module CellKey =
    /// The versions of the stages that make a result: raised by hand when an algorithm changes, so that earlier results are computed anew.
    val stageVersions: (string * int) list

    /// The key of what these inputs give.
    val ofInputs: inputs: CellInputs -> CellKey

    /// Which inputs differ, by their names in the document: `method.epochs`, `teacher`.
    val differences: earlier: Canonical -> now: CellKey -> string list
