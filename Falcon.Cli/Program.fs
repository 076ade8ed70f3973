module Falcon.Cli.Program

open System.Runtime.InteropServices
open System.Threading

/// The first interrupt asks the command to stop at its next safe point; the second one ends the process at once.
let private cancelOn (cancellation: CancellationTokenSource) signal =
    PosixSignalRegistration.Create(
        signal,
        fun context ->
            if not cancellation.IsCancellationRequested then
                context.Cancel <- true
                cancellation.Cancel()
    )

[<EntryPoint>]
let main arguments =
    use cancellation = new CancellationTokenSource()
    use _ = cancelOn cancellation PosixSignal.SIGINT
    use _ = cancelOn cancellation PosixSignal.SIGTERM
    CommandLine.run Verbs.all (Session.ofProcess cancellation.Token) arguments
