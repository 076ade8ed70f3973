namespace Falcon.Experiments

open System.IO
open Falcon.Training

type Verbosity =
    | Quiet
    | Normal
    | Detailed

type Runtime = { Device: string; Threads: int; LoaderWorkers: int; Verbosity: Verbosity; Out: string option }

module Runtime =
    let local = { Device = "cpu"; Threads = ComputeThreads.Cores; LoaderWorkers = 2; Verbosity = Normal; Out = None }

    let folder (experiment: Experiment) runtime =
        runtime.Out
        |> Option.defaultWith (fun () -> Path.Combine(".falcon", "results", experiment.Name))
        |> Path.GetFullPath
