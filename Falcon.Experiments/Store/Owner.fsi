namespace Falcon.Experiments.Store

/// A running process that uses the store.
type internal Owner =
    {
        /// The machine's name, for people.
        Host: string
        /// Tells machines, their boots, and the process number spaces of containers apart.
        Place: string
        ProcessId: int
        /// When the process started, in clock ticks since the boot; with the process number it names a process for good.
        Started: int64
        /// Tells the sessions of one process apart.
        Serial: int
    }

    /// A file name: `host-place-process-start-serial`.
    member Id: string

module internal Owner =
    /// The next session of this process.
    val next: unit -> Owner

    val tryParse: id: string -> Owner option

    /// Whether the process can be looked up from here.
    val isHere: owner: Owner -> bool

    /// Whether a process that can be looked up from here is still running.
    val isRunning: owner: Owner -> bool

    /// For messages: `process 4711 on buildbox`.
    val describe: owner: Owner -> string
