namespace Falcon.Experiments

open System
open Falcon

type Slurm =
    { Tasks: int option
      Time: TimeSpan
      Partition: string option
      Gpus: int
      WorkersPerTask: int
      Sbatch: string list
      AfterOk: bool }

module Slurm =
    let defaults =
        { Tasks = None
          Time = TimeSpan.FromHours 4.0
          Partition = None
          Gpus = 0
          WorkersPerTask = 1
          Sbatch = []
          AfterOk = false }

    let private number (text: string) =
        if text <> "" && text.Length <= 6 && Seq.forall Char.IsAsciiDigit text then Some(int text) else None

    let tryParseTime (text: string) =
        let seconds (units: int list) (texts: string array) =
            let numbers = Array.map number texts

            if Array.forall Option.isSome numbers then
                Some(Seq.sum (Seq.map2 (fun number unit -> float (Option.get number) * float unit) numbers units))
            else
                None

        let found =
            match text.Split '-' with
            | [| time |] ->
                match time.Split ':' with
                | [| _ |] as parts -> seconds [ 60 ] parts
                | [| _; _ |] as parts -> seconds [ 60; 1 ] parts
                | [| _; _; _ |] as parts -> seconds [ 3600; 60; 1 ] parts
                | _ -> None
            | [| days; time |] ->
                match time.Split ':' with
                | parts when parts.Length <= 3 -> seconds [ 86400; 3600; 60; 1 ] (Array.append [| days |] parts)
                | _ -> None
            | _ -> None

        found |> Option.filter (fun seconds -> seconds > 0.0) |> Option.map TimeSpan.FromSeconds

    /// What tasks are found and told by, in sbatch's long and short names.
    let private ofFalcon =
        [ "--job-name", "-J"
          "--array", "-a"
          "--output", "-o"
          "--error", "-e"
          "--chdir", "-D"
          "--dependency", "-d"
          "--open-mode", ""
          "--signal", ""
          "--requeue", ""
          "--no-requeue", "" ]

    let private isOfFalcon (option: string) =
        ofFalcon
        |> List.exists (fun (long, short) ->
            option.Split([| '='; ' ' |], 2)[0] = long
            || short <> "" && option.StartsWith short && not (option.StartsWith "--"))

    let check slurm =
        [ if slurm.Tasks |> Option.exists (fun tasks -> tasks < 1) then
              Finding($"{slurm.Tasks.Value} tasks are too few", "--tasks", "Give at least 1.")
          if slurm.Time < TimeSpan.FromMinutes 1.0 then
              Finding($"{slurm.Time.TotalSeconds:F0} s are too short", "--time", "Give at least a minute: --time 4:00:00.")
          if slurm.Gpus < 0 then
              Finding($"{slurm.Gpus} is no number of GPUs", "--gpus", "Give a whole number from 0.")
          if slurm.WorkersPerTask < 1 then
              Finding($"{slurm.WorkersPerTask} workers are too few", "--workers", "Give at least 1.")
          for option in slurm.Sbatch do
              if isOfFalcon option then
                  Finding("is set by Falcon, which finds its tasks by it", $"--sbatch={option}", "Leave it out.") ]

    let timeText (time: TimeSpan) =
        let days = if time.Days > 0 then $"{time.Days}-" else ""
        $"{days}{time.Hours:D2}:{time.Minutes:D2}:{time.Seconds:D2}"
