namespace Falcon.Experiments.Store

open System
open System.Threading

/// What a session uses, so that no collection of garbage takes it away.
/// A session first records what it wants to use, then waits while a collection is under way; a collection first takes its lock, then reads what sessions
/// have recorded. Whichever comes first, the other sees it.
[<Sealed>]
type internal Leases =
    new: session: StoreSession -> Leases

    /// Protects a result or a blob until the session ends. On return no collection is about to remove it: it is there, or it is not.
    member Take: item: string * cancellation: CancellationToken -> unit

    /// The right to remove what is not leased.
    member Collect: cancellation: CancellationToken -> IDisposable
