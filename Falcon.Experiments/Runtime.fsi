namespace Falcon.Experiments

/// How much a study says while it runs.
type Verbosity =
    /// Warnings and failures only.
    | Quiet
    /// A few lines per cell.
    | Normal
    /// Every epoch.
    | Detailed

/// How a study runs. Nothing here changes a result, so nothing here is part of a cell's key.
type Runtime =
    {
        /// Where the tensors live: `cpu`, `cuda`, `cuda:1`.
        Device: string
        /// Threads of each tensor operation.
        Threads: int
        /// Threads that decode images ahead of the tensors.
        LoaderWorkers: int
        /// How much is said.
        Verbosity: Verbosity
        /// The folder of the results; none means `.falcon/results/<name of the study>` in the current folder.
        Out: string option
    }

module Runtime =
    /// This machine's processor with all its cores.
    val local: Runtime

    /// The folder of a study's results.
    val folder: experiment: Experiment -> runtime: Runtime -> string
