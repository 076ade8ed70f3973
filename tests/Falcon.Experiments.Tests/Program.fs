module Falcon.Experiments.Tests.Program

[<EntryPoint>]
let main arguments =
    match List.ofArray arguments with
    | "child" :: child ->
        Children.run child
        0
    | _ -> Falcon.Tests.Runner.run arguments
