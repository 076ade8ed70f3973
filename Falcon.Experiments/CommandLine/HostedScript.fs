namespace Falcon.Experiments

module HostedScript =
    let mutable private words: string list = []

    let start planOnly commandLine =
        words <- commandLine

        if planOnly then
            Runtime.prevail (fun runtime -> { runtime with PlanOnly = true })

    let commandLine () = Array.ofList words
