namespace Falcon.Experiments

open System
open System.IO
open System.Threading
open Falcon.Training
open Falcon.Experiments.Store

type Verbosity =
    | Quiet
    | Normal
    | Detailed

[<RequireQualifiedAccess>]
type Executor =
    | Here
    | Slurm of Slurm

type Runtime =
    { Devices: string list
      Executor: Executor
      Workers: int
      Threads: int
      LoaderWorkers: int
      CheckpointInterval: TimeSpan
      Verbosity: Verbosity
      Out: string option
      Store: string option
      Only: string list
      RetryFailed: bool
      PlanOnly: bool
      Json: bool }

module Runtime =
    let private told = AsyncLocal<(Runtime -> Runtime) | null>()

    let prevail change = told.Value <- change

    let asTold runtime =
        match told.Value with
        | null -> runtime
        | change -> change runtime

    let local =
        { Devices = [ "cpu" ]
          Executor = Executor.Here
          Workers = ComputeThreads.Cores
          Threads = 1
          LoaderWorkers = 2
          CheckpointInterval = TimeSpan.FromMinutes 1.0
          Verbosity = Normal
          Out = None
          Store = None
          Only = []
          RetryFailed = false
          PlanOnly = false
          Json = false }

    let slurm slurm = { local with Executor = Executor.Slurm slurm }

    let store runtime = (asTold runtime).Store |> Option.defaultWith (fun () -> Store.location ".") |> Path.GetFullPath

    let folder study runtime =
        (asTold runtime).Out
        |> Option.defaultWith (fun () -> Path.Combine(store runtime, "results", study))
        |> Path.GetFullPath

    let selects runtime (id: string) = runtime.Only.IsEmpty || runtime.Only |> List.exists (fun name -> RunName.matches name id "")
