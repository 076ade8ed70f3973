namespace Falcon.Experiments

open Falcon

/// A script that runs inside of another program, as `falcon run` runs them. Options of the runtime that stand behind its name reach every study that it runs,
/// whatever runtime it names; what is left must be read by the script itself, or is refused.
module HostedScript =
    /// Says what was written behind the program's verb, the script's name first, before the script starts. Raises `InvalidInputException` when an option of the
    /// runtime has an impossible value.
    ///
    ///     HostedScript.start ScriptPurpose.Plan [ "study.fsx"; "--workers"; "2" ]
    val start: purpose: ScriptPurpose -> commandLine: string list -> unit

    /// The script's name and its arguments: what `fsi.CommandLineArgs` is there.
    ///
    ///     HostedScript.commandLine () // [| "study.fsx"; "--workers"; "2" |]
    val commandLine: unit -> string array

    /// The same, of which nothing counts as read; empty where there is no program around the script.
    val internal given: unit -> string list

    /// After the script's end: whether cells of its studies failed. Raises `InvalidInputException` when it has read none of its arguments and there were
    /// others than those of the runtime, and when cells were selected that none of its studies has.
    ///
    ///     if HostedScript.finish () then 1 else 0
    val finish: unit -> bool

    /// Says what a script that reads its options has not asked for yet.
    val internal watch: unread: (unit -> string list) -> unit

    /// Before a study of the script does anything: refuses what the script has not read.
    val internal beginStudy: unit -> unit

    /// Whether a study of the script is left alone, as the cells that are selected are another one's: with what is said if they are none's.
    val internal passesOver: nothingSelected: Finding option -> bool

    /// Says where a report is, once, unless a study is to be quiet.
    val internal tell: verbosity: Verbosity -> page: string -> unit

    /// After a study of the script has run.
    val internal endStudy: failed: bool -> unit

    /// Whether there is a program around the script.
    val internal isHosted: unit -> bool
