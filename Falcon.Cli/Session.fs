namespace Falcon.Cli

open System
open System.IO
open System.Threading

/// Options that every verb reads the same way.
type CommonOptions =
    { Device: string
      Threads: int
      Quiet: bool
      Json: bool
      Store: string option
      Extensions: string list }

    static member Defaults =
        { Device = "cpu"
          Threads = Environment.ProcessorCount
          Quiet = false
          Json = false
          Store = None
          Extensions = [] }

/// Where a command writes, what the time is, and whether it has been asked to stop.
type Session =
    {
        Out: TextWriter
        Error: TextWriter
        /// Results may use box drawing and colours: standard output is a terminal and NO_COLOR is not set.
        RichOut: bool
        /// Progress may redraw itself: standard error is a terminal and NO_COLOR is not set.
        RichError: bool
        Time: TimeProvider
        Cancellation: CancellationToken
        Options: CommonOptions
    }

module Session =
    /// The session of a command started in a terminal or a pipe.
    let ofProcess cancellation =
        let colour = String.IsNullOrEmpty(Environment.GetEnvironmentVariable "NO_COLOR")

        { Out = Console.Out
          Error = Console.Error
          RichOut = colour && not Console.IsOutputRedirected
          RichError = colour && not Console.IsErrorRedirected
          Time = TimeProvider.System
          Cancellation = cancellation
          Options = CommonOptions.Defaults }

    /// Says something that the user should know even under --quiet.
    let warn session (text: string) = session.Error.WriteLine $"warning: {text}"
