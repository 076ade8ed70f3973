namespace Falcon.Experiments.Store

open System
open System.Collections.Concurrent

[<Sealed>]
type Leases(session: StoreSession) =
    let collection = Lock.path session.Store "collection"
    let taken = ConcurrentDictionary<string, unit>()

    member _.Take(item, cancellation) =
        if not (taken.ContainsKey item) then
            session.Record item
            Lock.waitUntilFree session collection cancellation
            taken[item] <- ()

    member _.Collect cancellation : IDisposable = Lock.acquire session collection cancellation
