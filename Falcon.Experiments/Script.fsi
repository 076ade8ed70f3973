namespace Falcon.Experiments

open Falcon

/// What was written behind the name of a study's script.
type ScriptArguments =
    {
        /// `--data DIR`: the folder of a data set, of one category, or of plain photos; as often as wanted where a study takes several data sets.
        Data: string list
        /// `--category C`, as often as wanted.
        Categories: string list
        /// `--teacher FILE`: the teacher's weights.
        Teacher: string option
        /// `--quick`: the study should be made small, to see that it runs.
        Quick: bool
        /// `--out DIR`, `--device NAME`, `--threads N`, `--workers N`, `--quiet` and `--verbose`.
        Runtime: Runtime
    }

/// The frame of a study's script. The same arguments mean the same in every script.
module Script =
    /// Reads arguments; every fault is a finding.
    ///
    ///     Script.parse [ "--data"; "photos"; "--quick" ]
    val parse: arguments: string list -> Result<ScriptArguments, Finding list>

    /// The data set that the arguments name; Falcon's drawn one without `--data`. Looks into the folder to see what kind it is.
    /// Raises `InvalidInputException` when there is no such folder, or more than one is named.
    ///
    ///     data (Script.data arguments)
    val data: arguments: ScriptArguments -> DataSet

    /// All data sets that the arguments name, or Falcon's drawn one. `--category` restricts each to those of its categories that are named.
    /// Raises `InvalidInputException` when there is no such folder, or no data set has a category that is named.
    ///
    ///     dataSets (Script.dataSets arguments)
    val dataSets: arguments: ScriptArguments -> DataSet list

    /// With `--quick` the first category of the first data set, else all of them.
    ///
    ///     dataSets (Script.dataSets arguments |> Script.smaller arguments)
    val smaller: arguments: ScriptArguments -> dataSets: DataSet list -> DataSet list

    /// The teacher that the arguments name, else Falcon's own.
    ///
    ///     teacher (Script.teacher arguments)
    val teacher: arguments: ScriptArguments -> TeacherSource

    /// The teacher that the arguments name, else the weights of this name in 'falcon weights list'.
    ///
    ///     teacher (Script.teacherOf "resnet18" arguments)
    val teacherOf: weights: string -> arguments: ScriptArguments -> TeacherSource

    /// The folder of the study's report: `report` in the folder of the results if one is named, else `reports/<name>`.
    ///
    ///     Report.write (Script.reportFolder "first" arguments) [ Table.summary ]
    val reportFolder: name: string -> arguments: ScriptArguments -> string

    /// Runs a study with the arguments of its script (`fsi.CommandLineArgs`, the script's name first) and ends the program: with code 0, 1 when cells
    /// failed, 2 when the input is at fault (everything that is wrong is printed), 130 when it was cancelled (143 by SIGTERM).
    ///
    ///     Script.run fsi.CommandLineArgs (fun arguments -> study |> Study.run arguments.Runtime)
    val run: commandLine: string array -> study: (ScriptArguments -> StudyResult) -> unit
