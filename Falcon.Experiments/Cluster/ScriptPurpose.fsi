namespace Falcon.Experiments

/// What a process does with the studies of its script.
[<RequireQualifiedAccess; NoEquality; NoComparison>]
type ScriptPurpose =
    /// Runs them.
    | Run
    /// Shows what running them would do.
    | Plan
    /// Hands them to SLURM, asked for what the script's runtime says or else `Slurm.defaults`, changed; with `dryRun` only shows how.
    | Submit of change: (Slurm -> Slurm) * dryRun: bool
    /// Computes cells of one that has been submitted, as one of its tasks: `STUDY/BATCH/TASK`.
    | Task of name: string
    /// Computes nothing: writes the report of the study of this name and makes the run index anew.
    | Last of study: string

module internal ScriptPurpose =
    /// What studies that are started from here are run for.
    val current: unit -> ScriptPurpose

    /// Sets it.
    val set: purpose: ScriptPurpose -> unit
