/// The files that sbatch is given.
module internal Falcon.Experiments.BatchScript

open System
open System.IO
open Falcon

/// What a task is run by, and where.
type Command =
    {
        /// Program and first arguments.
        Falcon: string list
        /// The script and its own arguments, with those options that change a study.
        Script: string list
        /// Where relative paths begin.
        Folder: string
        Store: string
        Out: string
        Threads: int
        Workers: int
        Devices: string list
    }

/// A word as the shell reads it back.
let private quoted (word: string) =
    if
        word <> ""
        && word |> Seq.forall (fun letter -> Char.IsAsciiLetterOrDigit letter || "-_./:=,+@%".Contains letter)
    then
        word
    else
        $"""'{word.Replace("'", "'\\''")}'"""

/// A value as sbatch reads it in a directive.
let private directive name (value: string) =
    if value |> Seq.exists Char.IsControl then
        raise (
            InvalidInputException(
                "has a line break or another control character in its name",
                FileName.Shown value,
                "Use a folder with a plain name."
            )
        )

    if value |> Seq.exists (fun letter -> Char.IsWhiteSpace letter || "\"'\\#".Contains letter) then
        let escaped = value.Replace("\\", "\\\\").Replace("\"", "\\\"")
        $"#SBATCH --{name}=\"{escaped}\""
    else
        $"#SBATCH --{name}={value}"

/// Where files are looked for, and what Falcon itself is told by its environment.
let private environment () =
    let own =
        [ for item in Environment.GetEnvironmentVariables() |> Seq.cast<Collections.DictionaryEntry> do
              let name = string item.Key

              if name.StartsWith("FALCON_", StringComparison.Ordinal) && name <> "FALCON_STORE" then
                  name ]

    [ for name in List.sort own @ [ "DOTNET_ROOT"; "PATH" ] do
          match Environment.GetEnvironmentVariable name with
          | null
          | "" -> ()
          | value -> $"export {name}={quoted value}" ]

/// Seconds before the end of its time at which a task is asked to stop.
let private warning (slurm: Slurm) = min 120 (int (slurm.Time.TotalSeconds / 5.0))

/// In the pattern of a file name `%` begins what sbatch fills in.
let private plain (path: string) = path.Replace("%", "%%")

let private common (slurm: Slurm) =
    [ match slurm.Partition with
      | Some partition -> directive "partition" partition
      | None -> ()

      for option in slurm.Sbatch do
          $"#SBATCH {option}" ]

let private body (command: Command) role =
    [ ""
      yield! environment ()
      ""
      $"if [ ! -e {quoted command.Store}/VERSION ]; then"
      $"  echo \"falcon: $(hostname) does not see the store \"{quoted command.Store}\": it must be on a file system that all nodes share\" >&2"
      "  exit 2"
      "fi"
      "# The shell becomes Falcon, so that SLURM's signals reach it."
      let words =
          command.Falcon
          @ [ "run" ]
          @ command.Script
          @ [ "--store"; command.Store; "--out"; command.Out; "--threads"; string command.Threads ]
          @ [ "--workers"; string command.Workers ]
          @ [ for device in command.Devices do
                  "--device"
                  device ]

      $"""exec {words |> List.map quoted |> String.concat " "} {role}""" ]

let private text (lines: string list) = String.Join('\n', lines) + "\n"

/// The array of tasks.
let tasks (slurm: Slurm) (command: Command) study batch (count: int) cells =
    text (
        [ "#!/bin/bash"
          $"# {cells} cells of the study {study} in {count} tasks, written by falcon. 'falcon submit status {study}' says how far it is."
          $"#SBATCH --job-name={Submission.jobName study}"
          $"#SBATCH --array=0-{count - 1}"
          $"#SBATCH --time={Slurm.timeText slurm.Time}"
          "#SBATCH --nodes=1"
          "#SBATCH --ntasks=1"
          $"#SBATCH --cpus-per-task={command.Workers * command.Threads}"
          if slurm.Gpus > 0 then $"#SBATCH --gres=gpu:{slurm.Gpus}"
          "#SBATCH --requeue"
          $"#SBATCH --signal=B:TERM@{warning slurm}"
          "#SBATCH --open-mode=append"
          directive "chdir" command.Folder
          directive "output" (plain (Submission.logFolder command.Store study batch) + "/%a.out")
          yield! common slurm ]
        @ body command $"--task \"{study}/{batch}/$SLURM_ARRAY_TASK_ID\""
    )

/// The job after them.
let last (slurm: Slurm) (command: Command) study batch =
    text (
        [ "#!/bin/bash"
          $"# The report of the study {study}, written by falcon."
          $"#SBATCH --job-name={Submission.lastName study}"
          $"#SBATCH --time={Slurm.timeText slurm.Time}"
          "#SBATCH --nodes=1"
          "#SBATCH --ntasks=1"
          "#SBATCH --requeue"
          "#SBATCH --open-mode=append"
          directive "chdir" command.Folder
          directive "output" (plain (Submission.logFolder command.Store study batch) + "/report.out")
          yield! common slurm ]
        @ body { command with Workers = 1; Devices = [] } $"--last {quoted study}"
    )

/// How a process of Falcon is started elsewhere. An `InvalidInputException` says that this is none that could be.
let falcon () =
    let beside = nonNull (Path.GetDirectoryName typeof<Slurm>.Assembly.Location)
    let program = Path.Combine(beside, "falcon.dll")

    if not (File.Exists program) then
        raise (
            InvalidInputException(
                "the command falcon is not beside Falcon.Experiments.dll, and tasks are started by it",
                beside,
                "Write the study as a script and hand it over with 'falcon submit SCRIPT.fsx'."
            )
        )

    let host =
        match Environment.ProcessPath with
        | null -> "dotnet"
        | path when Path.GetFileNameWithoutExtension path = "dotnet" -> path
        | _ -> "dotnet"

    [ host; "exec"; program ]
