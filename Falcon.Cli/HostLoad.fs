/// How busy the machine is with other work. Linux tells in /proc; elsewhere nothing is known.
module Falcon.Cli.HostLoad

open System
open System.Globalization
open System.IO
open System.Threading

type BusyProcess =
    {
        Name: string
        Id: int
        /// Processor time per time: 1.0 keeps one core busy.
        Cores: float
    }

let private ticksPerSecond = 100.0

let private tryRead path =
    try
        Some(File.ReadAllText path)
    with
    | :? IOException
    | :? UnauthorizedAccessException -> None

/// Mean number of processes that wanted to run over the last minute.
let loadAverage () =
    tryRead "/proc/loadavg"
    |> Option.map (fun text -> Double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture))

/// Name and processor ticks of a process: /proc/ID/stat, in which the name stands in parentheses and may itself hold some.
let private ticks id =
    tryRead $"/proc/{id}/stat"
    |> Option.map (fun text ->
        let close = text.LastIndexOf ')'
        let fields = text.Substring(close + 2).Split ' '
        text.Substring(text.IndexOf '(' + 1, close - text.IndexOf '(' - 1), float fields[11] + float fields[12])

let private snapshot () =
    if Directory.Exists "/proc" then
        [ for folder in Directory.GetDirectories "/proc" do
              match Int32.TryParse(Path.GetFileName folder) with
              | true, id when id <> Environment.ProcessId ->
                  match ticks id with
                  | Some(name, count) -> id, (name, count)
                  | None -> ()
              | _ -> () ]
        |> Map
    else
        Map.empty

/// Other processes that computed during the time span, the busiest first.
let busyProcesses (span: TimeSpan) =
    let before = snapshot ()
    Thread.Sleep span

    [ for KeyValue(id, (name, count)) in snapshot () do
          match before.TryFind id with
          | Some(_, earlier) -> { Name = name; Id = id; Cores = (count - earlier) / ticksPerSecond / span.TotalSeconds }
          | None -> () ]
    |> List.filter (fun busy -> busy.Cores > 0.0)
    |> List.sortByDescending _.Cores
