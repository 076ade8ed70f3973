/// Runs the command: inside the test's process, or as a process of its own where signals or environment variables matter.
module Falcon.Cli.Tests.Command

open System
open System.Diagnostics
open System.IO
open System.Threading
open Falcon.Cli
open Falcon.Core.Tests

type Outcome = { ExitCode: int; Out: string; Error: string }

let session (out: TextWriter) (error: TextWriter) cancellation =
    { Out = out
      Error = error
      RichOut = false
      RichError = false
      Time = TimeProvider.System
      Cancellation = cancellation
      Options = CommonOptions.Defaults }

/// Runs a command line.
let runWith (arguments: string array) =
    use out = new StringWriter()
    use error = new StringWriter()
    let code = CommandLine.run Verbs.all (session out error CancellationToken.None) arguments
    { ExitCode = code; Out = out.ToString(); Error = error.ToString() }

/// Runs the words of a command line; none of them may hold a blank.
let run (words: string) = runWith (words.Split(' ', StringSplitOptions.RemoveEmptyEntries))

/// The command as it is built for users, ahead of time, so that it starts soon; else the copy beside the tests.
let private program =
    let own = typeof<Verb>.Assembly.Location

    match Fixtures.repositoryRoot with
    | Some root ->
        let published = Path.Combine(root, "artifacts", "publish", "Falcon.Cli", "release", "falcon.dll")
        if File.Exists published then published else own
    | None -> own

/// Starts falcon.dll with further environment variables.
let start (environment: (string * string) list) (words: string) =
    let info =
        ProcessStartInfo("dotnet", $"exec \"{program}\" {words}", RedirectStandardOutput = true, RedirectStandardError = true)

    for name, value in environment do
        info.Environment[name] <- value

    Process.Start info |> Option.ofObj |> Option.get

/// Waits for the process to end, at most some milliseconds.
let finishWithin (patience: int) (running: Process) =
    let out = running.StandardOutput.ReadToEndAsync()
    let error = running.StandardError.ReadToEndAsync()

    if not (running.WaitForExit patience) then
        running.Kill()
        failwith $"The command did not end within {patience / 1000} s."

    { ExitCode = running.ExitCode; Out = out.Result; Error = error.Result }

/// Waits for the process to end, at most a minute.
let finish running = finishWithin 60_000 running

/// Sends a signal: INT, TERM.
let signal (name: string) (running: Process) =
    use kill = Process.Start("kill", [ $"-{name}"; string running.Id ])
    kill.WaitForExit()
