namespace Falcon.Experiments

open System
open Falcon

/// What SLURM is asked for so that tasks compute the cells of a study. Nothing here changes a result.
type Slurm =
    {
        /// How many tasks; none for as many as the expected times of the cells suggest: a task is then given about a quarter of `Time`, at most an hour.
        Tasks: int option
        /// How long a task may run before it is stopped; it leaves checkpoints, and goes on in the same place later.
        Time: TimeSpan
        /// The partition; none for the cluster's default.
        Partition: string option
        /// GPUs of each task. Cells are computed on them unless the runtime names devices.
        Gpus: int
        /// Cells that a task computes at the same time.
        WorkersPerTask: int
        /// Further options of sbatch, for example `--mem=16G` or `--account=vision`.
        Sbatch: string list
        /// Whether the last job, which writes the report, waits for tasks that all succeed; otherwise for their end.
        AfterOk: bool
    }

module Slurm =
    /// Four hours, one processor and one cell at a time, no GPU.
    ///
    ///     { Slurm.defaults with Time = TimeSpan.FromHours 8.0; Partition = Some "gpu"; Gpus = 1 }
    val defaults: Slurm

    /// A time as SLURM writes it: `30` (minutes), `30:00`, `4:00:00`, `1-12`, `1-12:30`, `1-12:30:00`; none of anything else.
    ///
    ///     Slurm.tryParseTime "4:00:00"
    val tryParseTime: text: string -> TimeSpan option

    /// What is impossible.
    ///
    ///     Slurm.check { Slurm.defaults with Tasks = Some 0 }
    val check: slurm: Slurm -> Finding list

    /// A time as SLURM reads it.
    val internal timeText: time: TimeSpan -> string
