module Falcon.Cli.Program

open System
open Falcon.Experiments

[<EntryPoint>]
let main arguments =
    Console.SetError(new UnfailingWriter(Console.Error))
    use interruption = new Interruption()
    let session = Session.ofProcess interruption.Token
    CommandLine.watch Verbs.all session arguments
    CommandLine.run Verbs.all session arguments
