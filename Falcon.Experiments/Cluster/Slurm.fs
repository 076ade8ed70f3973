namespace Falcon.Experiments

open System

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
        if text <> "" && text.Length <= 6 && Seq.forall Char.IsAsciiDigit text then
            Some(int text)
        else
            None

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

    let timeText (time: TimeSpan) =
        let days = if time.Days > 0 then $"{time.Days}-" else ""
        $"{days}{time.Hours:D2}:{time.Minutes:D2}:{time.Seconds:D2}"
