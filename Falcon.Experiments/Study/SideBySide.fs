/// Small work on many things, on all cores.
module internal Falcon.Experiments.SideBySide

open System
open System.Runtime.ExceptionServices

/// What is made of each, in order; an exception comes out as it was raised.
let map (make: 'Item -> 'Made) (items: 'Item list) : 'Made list =
    try
        items |> Array.ofList |> Array.Parallel.map make |> List.ofArray
    with :? AggregateException as several ->
        ExceptionDispatchInfo.Capture(several.Flatten().InnerExceptions[0]).Throw()
        []
