namespace Falcon.Experiments

open System

/// How much a study says while it runs.
type Verbosity =
    /// Warnings and failures only.
    | Quiet
    /// A few lines per cell.
    | Normal
    /// Every epoch.
    | Detailed

/// Where the cells of a study are computed.
[<RequireQualifiedAccess>]
type Executor =
    /// By workers of this process.
    | Here
    /// By tasks of a cluster on the same store; this process submits them and waits.
    | Slurm of Slurm

/// How a study runs. Apart from `Threads` nothing here changes a result, so nothing here is part of a key.
type Runtime =
    {
        /// Device slots, which the workers share in turn: `cpu`, or `cuda:0` and `cuda:1`.
        Devices: string list
        /// Where cells are computed.
        Executor: Executor
        /// Cells that are computed at the same time.
        Workers: int
        /// Threads of each tensor operation of a worker. Gradients are sums over threads, so another number gives other rounding: it is part of the key
        /// of a training.
        Threads: int
        /// Threads that decode images ahead of the tensors, for each worker.
        LoaderWorkers: int
        /// The longest time after which a training leaves a checkpoint. It also does after a tenth of its steps, though not twice within five seconds, and when it
        /// is cancelled.
        CheckpointInterval: TimeSpan
        /// How much is said.
        Verbosity: Verbosity
        /// The folder of the results; none means `results/<name of the study>` in the folder of the store.
        Out: string option
        /// The folder of the store; none means `FALCON_STORE`, else `.falcon` in the current folder.
        Store: string option
        /// The cells to run, by the beginnings of their ids, or by patterns in which `*` stands for anything; all when empty.
        Only: string list
        /// Whether cells that failed before are tried again.
        RetryFailed: bool
        /// Whether to show what would be done instead of doing it.
        PlanOnly: bool
        /// Whether a plan is shown as JSON instead of a table.
        Json: bool
    }

module Runtime =
    /// Lets what the command line says prevail over whatever runtime a study is run with that is started from here.
    val internal prevail: change: (Runtime -> Runtime) -> unit

    /// A runtime with what prevails over it.
    val internal asTold: runtime: Runtime -> Runtime

    /// This machine's processor: a worker of one thread on every core.
    ///
    ///     study |> Study.run { Runtime.local with Workers = 2; Only = [ "*-bottle-*" ] }
    val local: Runtime

    /// The tasks of a cluster: the study is submitted from its script, with what SLURM is asked for, and the process waits for the results. The store, the script
    /// and the data must lie where all nodes see them.
    ///
    ///     study |> Study.run (Runtime.slurm { Slurm.defaults with Time = TimeSpan.FromHours 8.0; Partition = Some "gpu"; Gpus = 1 })
    val slurm: slurm: Slurm -> Runtime

    /// The folder of the store.
    ///
    ///     Runtime.store Runtime.local
    val store: runtime: Runtime -> string

    /// The folder of a study's results.
    ///
    ///     Runtime.folder "first" Runtime.local
    val folder: study: string -> runtime: Runtime -> string

    /// Whether a cell is to be run.
    ///
    ///     Runtime.selects { Runtime.local with Only = [ "*-seed0" ] } (Cell.id cell)
    val selects: runtime: Runtime -> id: string -> bool
