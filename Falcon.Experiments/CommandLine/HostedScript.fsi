namespace Falcon.Experiments

/// A script that runs inside of another program, as `falcon run` runs them.
module HostedScript =
    /// Says what was written behind the program's verb, the script's name first, before the script starts.
    ///
    ///     HostedScript.start true [ "study.fsx"; "--quick" ] // plans
    val start: planOnly: bool -> commandLine: string list -> unit

    /// The script's name and its arguments: what `fsi.CommandLineArgs` is there.
    ///
    ///     HostedScript.commandLine () // [| "study.fsx"; "--quick" |]
    val commandLine: unit -> string array
