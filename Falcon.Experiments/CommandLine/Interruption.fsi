namespace Falcon.Experiments

open System
open System.Threading

/// While it lives, the first Ctrl-C or SIGTERM asks whatever heeds its token to stop at the next safe point; a second one ends the process.
[<Sealed>]
type Interruption =
    new: unit -> Interruption

    /// Cancelled by the first signal.
    member Token: CancellationToken

    /// How many there are now: the program's own, and one for the study that it runs.
    static member Listeners: int

    /// What a process that a signal has stopped ends with: 143 after SIGTERM, else 130.
    static member ExitCode: int

    interface IDisposable
