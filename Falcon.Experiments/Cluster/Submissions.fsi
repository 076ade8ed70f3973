namespace Falcon.Experiments

/// A study in the hands of SLURM, as it is now.
type SubmittedStudy =
    {
        Study: string
        /// Every cell in the order of the study.
        Cells: SubmittedCell list
        /// Jobs that run or wait: those of its tasks, and the one that writes the report.
        Jobs: string list
        /// Why the queue could not be asked; none when it could.
        QueueProblem: string option
        /// The folder of the files for sbatch and of the tasks' logs.
        Folder: string
    }

    /// How many cells wait, run, are done, have failed, and are left: in this order.
    member Counts: int * int * int * int * int

/// What has become of studies that were handed to SLURM.
module Submissions =
    /// The studies of a store that have been submitted.
    ///
    ///     Submissions.names ".falcon"
    val names: store: string -> string list

    /// How far a study is. An `InvalidInputException` says that it has not been submitted.
    ///
    ///     (Submissions.status ".falcon" "first").Counts
    val status: store: string -> study: string -> SubmittedStudy

    /// Cancels a study's jobs: trainings under way leave a checkpoint, and what is finished stays. How far it is then.
    ///
    ///     Submissions.cancel ".falcon" "first"
    val cancel: store: string -> study: string -> SubmittedStudy
