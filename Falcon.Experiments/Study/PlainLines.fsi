namespace Falcon.Experiments

open System
open System.IO

/// Tells of a running study in plain lines: for logs, pipes and scripts.
[<Sealed>]
type PlainLines =
    /// Writes to `output` as much as `verbosity` says.
    new: output: TextWriter * verbosity: Verbosity -> PlainLines

    /// The same by another clock.
    internal new: output: TextWriter * verbosity: Verbosity * now: (unit -> DateTime) -> PlainLines

    interface IProgress<StudyEvent>
