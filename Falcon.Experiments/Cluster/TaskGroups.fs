/// Which cells a task begins with.
module internal Falcon.Experiments.TaskGroups

/// What a task is worth starting for, by default.
let private length (slurm: Slurm) = min 3600.0 (slurm.Time.TotalSeconds / 4.0)

/// Seconds of each cell, where nothing is known those of the others on average.
let private times (cells: PlannedCell list) =
    let known = cells |> List.choose _.Expected
    let usual = if known.IsEmpty then None else Some(List.average known)
    [ for cell in cells -> cell, cell.Expected |> Option.orElse usual ]

/// How many tasks there should be: `--tasks`, or as many as give each enough to do; where no time is known, one for each cell. Never more than an array may have.
let count (slurm: Slurm) largest (cells: PlannedCell list) =
    let suggested =
        match slurm.Tasks, List.choose snd (times cells) with
        | Some tasks, _ -> tasks
        | None, [] -> cells.Length
        | None, known -> int (ceil (List.sum known / float (max 1 slurm.WorkersPerTask) / length slurm))

    suggested |> max 1 |> min cells.Length |> min largest

/// The cells in groups of about the same time, each in the order of the study. The longest are given out first, each to the group that has least to do.
let divide (slurm: Slurm) largest (cells: PlannedCell list) : PlannedCell list list =
    let groups = Array.init (count slurm largest cells) (fun _ -> ResizeArray<int * PlannedCell>())
    let loads = Array.create groups.Length (0.0, 0)

    for index, (cell, seconds) in times cells |> List.indexed |> List.sortBy (fun (index, (_, seconds)) -> -(defaultArg seconds 0.0), index) do
        let least = System.Array.IndexOf(loads, Array.min loads)
        let load, count = loads[least]
        loads[least] <- load + defaultArg seconds 0.0, count + 1
        groups[least].Add(index, cell)

    [ for group in groups -> group |> Seq.sortBy fst |> Seq.map snd |> List.ofSeq ]
