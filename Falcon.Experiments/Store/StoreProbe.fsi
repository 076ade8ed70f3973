namespace Falcon.Experiments.Store

open System.Threading

/// What one look at a file system has found.
type ProbeFinding =
    {
        /// What was looked at: `exclusive creation`, `clock`, …
        Name: string
        /// Whether it is as a store needs it.
        IsGood: bool
        /// What was seen, in numbers.
        Seen: string
    }

/// Whether a file system has what a store needs that several machines use.
module StoreProbe =
    /// Tries it in a folder, which is made when missing; nothing is left behind. Of several processes that do so in one folder at the same time, on as many machines,
    /// each waits for the others, and they compete. An `InvalidInputException` says that the folder takes no files, or that the others did not come.
    ///
    ///     StoreProbe.run "/shared/falcon" 1 CancellationToken.None
    val run: folder: string -> processes: int -> cancellation: CancellationToken -> ProbeFinding list
