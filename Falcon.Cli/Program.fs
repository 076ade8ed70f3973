module Falcon.Cli.Program

open Falcon.Experiments

[<EntryPoint>]
let main arguments =
    use interruption = new Interruption()
    CommandLine.run Verbs.all (Session.ofProcess interruption.Token) arguments
