namespace Falcon.Experiments

open System
open System.Runtime.InteropServices
open System.Threading

/// While it lives, the first Ctrl-C or SIGTERM asks whatever heeds its token to stop at the next safe point; a second one ends the process.
[<Sealed>]
type Interruption() =
    static let mutable listeners = 0
    static let mutable last = PosixSignal.SIGINT

    let source = new CancellationTokenSource()

    let hear (context: PosixSignalContext) =
        if not source.IsCancellationRequested then
            context.Cancel <- true
            last <- context.Signal
            source.Cancel()

    let registrations =
        Interlocked.Increment &listeners |> ignore
        [ for signal in [ PosixSignal.SIGINT; PosixSignal.SIGTERM ] -> PosixSignalRegistration.Create(signal, hear) ]

    /// Cancelled by the first signal.
    member _.Token = source.Token

    /// How many there are now: the program's own, and one for the study that it runs.
    static member Listeners = listeners

    /// What a process that a signal has stopped ends with: 143 after SIGTERM, else 130.
    static member ExitCode = if last = PosixSignal.SIGTERM then 143 else 130

    interface IDisposable with
        member _.Dispose() =
            for registration in registrations do
                registration.Dispose()

            Interlocked.Decrement &listeners |> ignore
            source.Dispose()
