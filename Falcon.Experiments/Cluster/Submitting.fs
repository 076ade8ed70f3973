/// Hands a study to SLURM.
module internal Falcon.Experiments.Submitting

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Falcon
open Falcon.Experiments.Store

/// What came of it.
type Submitted =
    {
        Submission: Submission
        /// Cells that new tasks compute.
        Fresh: int
        /// New tasks, with the job of their array.
        Tasks: (int * string) option
        /// Cells that earlier tasks compute.
        Covered: int
        /// Cells that are there.
        Done: int
        /// Cells that failed before and are not tried again.
        Failed: int
        /// Cells that the study has no more and that nobody computes now.
        Dropped: int
        /// Tasks that were cancelled, since nothing was left for them.
        Cancelled: int
        /// Seconds that the new cells are expected to take in all; none where nothing is known.
        Expected: float option
        /// The files for sbatch.
        Files: (string * string) list
    }

let private refuse (findings: Finding list) =
    if not findings.IsEmpty then
        raise (InvalidInputException(Array.ofList findings))

/// The script that this process runs, and its words, without those that tasks are told anew.
let private script () =
    let words =
        match HostedScript.given () with
        | [] ->
            Environment.GetCommandLineArgs()
            |> List.ofArray
            |> List.skipWhile (fun word -> not (word.EndsWith(".fsx", StringComparison.OrdinalIgnoreCase)))
        | words -> words

    match words with
    | [] ->
        raise (
            InvalidInputException(
                "tasks run the study's script, and this process runs none",
                "Runtime.slurm",
                "Write the study as an .fsx file, and start it with 'falcon run', 'falcon submit' or 'dotnet fsi'."
            )
        )
    | script :: words -> Path.GetFullPath script :: ScriptOptions.withoutPlaces words

/// What other machines could not see.
let private unshared (study: OpenStudy) (command: BatchScript.Command) =
    if SlurmCommands.isThisMachine () then
        []
    else
        let places =
            [ "store", study.Store.Folder
              "script", command.Script.Head
              "folder of results", study.Folder
              "folder", command.Folder
              "program", List.last command.Falcon ]
            @ [ for category in study.Materials.Categories.Values do
                    "data", category.Folder ]

        [ for what, path in List.distinct places do
              match SharedFolder.whyNot path with
              | Some reason ->
                  Finding(
                      $"the {what} {reason}, and the tasks run on others",
                      path,
                      "Put it on a file system that all nodes of the cluster share, at the same path."
                  )
              | None -> () ]

/// Devices of a task: those that are named, else the GPUs that it asks for.
let devices (slurm: Slurm) (runtime: Runtime) =
    if slurm.Gpus > 0 && runtime.Devices = Runtime.local.Devices then
        [ for gpu in 0 .. slurm.Gpus - 1 -> $"cuda:{gpu}" ]
    else
        runtime.Devices

/// Keeps the lists of tasks without some cells.
let private without (gone: HashSet<string>) (batch: Batch) =
    { batch with Tasks = [ for task in batch.Tasks -> task |> List.filter (gone.Contains >> not) ] }

/// Submits what is missing of a prepared study and nobody computes yet. What an earlier submission had and the study has no more is dropped. `named` devices are
/// those of the tasks; `writesReport`: whether a last job writes the report. With `dryRun` nothing is changed.
let submit (slurm: Slurm) (dryRun: bool) writesReport devices (study: OpenStudy) : Submitted =
    refuse (Slurm.check slurm)
    let name, store = study.Sweep.Name, study.Store

    let command: BatchScript.Command =
        { Falcon = BatchScript.falcon ()
          Script = script ()
          Folder = Directory.GetCurrentDirectory()
          Store = store.Folder
          Out = study.Folder
          Threads = study.Runtime.Threads
          Workers = slurm.WorkersPerTask
          Devices = devices }

    if not dryRun then refuse (unshared study command)

    // Two that submit one study at once take turns.
    use _ = Lock.acquire store.Session (Lock.path store.Folder $"submit-{name}") CancellationToken.None
    let earlier = Submission.tryRead store.Folder name

    let queue =
        try
            if dryRun && earlier.IsNone then
                []
            else
                SlurmCommands.queue [ Submission.jobName name; Submission.lastName name ]
        with :? InvalidInputException when dryRun ->
            []

    let plan = OpenStudy.plan study
    let keys = Dictionary [ for graph in study.Graphs.Head -> KeyValuePair(Cell.id graph.Cell, graph.Key.Hex) ]

    // With --only the others stay as they were.
    let earlierKeys = earlier |> Option.map (fun earlier -> dict earlier.Cells) |> Option.defaultValue (dict [])

    let cells =
        [ for cell in study.Sweep.Cells ->
              let id = Cell.id cell

              match keys.TryGetValue id, earlierKeys.TryGetValue id with
              | (true, key), _ -> id, key
              | (false, _), (true, key) -> id, key
              | _ -> id, "" ]

    let current = HashSet(Seq.map snd cells)

    let gone =
        HashSet
            [ for key in earlierKeys.Values do
                  if key <> "" && not (current.Contains key) then key ]

    let live = earlier |> Option.map (fun earlier -> SubmittedCells.liveTasks earlier queue) |> Option.defaultValue Map.empty

    let kept =
        [ for batch in (earlier |> Option.map _.Batches |> Option.defaultValue []) do
              if live |> Map.exists (fun (number, _) _ -> number = batch.Number) then
                  without gone batch ]

    let covered =
        HashSet
            [ for batch in kept do
                  for number, task in List.indexed batch.Tasks do
                      if live.ContainsKey(batch.Number, number) then yield! task ]

    let isMissing (planned: PlannedCell) =
        match planned.State with
        | PlannedState.Hit
        | PlannedState.Failed -> false
        | PlannedState.Run
        | PlannedState.Stale
        | PlannedState.Computing -> true

    let missing = plan.Cells |> List.filter isMissing
    let fresh = missing |> List.filter (fun planned -> not (covered.Contains keys[Cell.id planned.Cell]))

    // A dry run may be far from the cluster.
    let largest =
        try
            SlurmCommands.largestArray ()
        with :? InvalidInputException when dryRun ->
            Int32.MaxValue

    match slurm.Tasks with
    | Some tasks when tasks > largest && not fresh.IsEmpty ->
        raise (
            InvalidInputException(
                $"an array of {tasks} tasks is larger than the cluster's MaxArraySize, {largest}",
                "--tasks",
                $"Give at most {largest}: tasks take several cells, one after the other."
            )
        )
    | _ -> ()

    let number = Submission.nextBatch store.Folder name

    let batch =
        if fresh.IsEmpty then
            None
        else
            let groups = TaskGroups.divide slurm largest fresh

            Some
                { Number = number
                  Job = ""
                  Tasks = [ for group in groups -> [ for planned in group -> keys[Cell.id planned.Cell] ] ] }

    // Tasks that only had what the study has no more.
    let idle =
        [ for (batchNumber, task), job in Map.toList live do
              let batch = kept |> List.tryFind (fun batch -> batch.Number = batchNumber)

              match batch with
              | Some batch when task < batch.Tasks.Length && batch.Tasks[task].IsEmpty && job.State = "PENDING" -> $"{job.Job}_{task}"
              | _ -> () ]

    let left =
        [ for batch in kept do
              if batch.Job <> "" then batch.Job ]

    let lastAlive =
        earlier
        |> Option.exists (fun earlier -> earlier.Last <> "" && queue |> List.exists (fun job -> job.Job = earlier.Last && job.IsAlive))

    let isNews = batch.IsSome || gone.Count > 0
    let needsLast = writesReport && (isNews || not left.IsEmpty && not lastAlive)

    let files =
        [ match batch with
          | Some batch -> "array.sbatch", BatchScript.tasks slurm command name number batch.Tasks.Length fresh.Length
          | None -> ()

          if needsLast then "report.sbatch", BatchScript.last slurm command name number ]

    let submitted job last =
        { Study = name
          Cells = cells
          Batches = kept @ [ for batch in Option.toList batch -> { batch with Job = job } ]
          Last = last }

    let lastBefore = earlier |> Option.map _.Last |> Option.defaultValue ""

    let result submission tasks =
        { Submission = submission
          Fresh = fresh.Length
          Tasks = tasks
          Covered = missing.Length - fresh.Length
          Done = plan.Count PlannedState.Hit
          Failed = plan.Count PlannedState.Failed
          Dropped = gone.Count
          Cancelled = idle.Length
          Expected =
            match fresh |> List.choose _.Expected with
            | [] -> None
            | known -> Some(List.sum known)
          Files = files }

    if dryRun then
        result (submitted "" lastBefore) (batch |> Option.map (fun batch -> batch.Tasks.Length, ""))
    elif not isNews && not needsLast then
        // Failures that are tried again were part of the plan already.
        result (submitted "" lastBefore) None
    else
        let folder = Submission.batchFolder store.Folder name number
        Directory.CreateDirectory(Submission.logFolder store.Folder name number) |> ignore

        for file, text in files do
            File.WriteAllText(Path.Combine(folder, file), text)

        StudyManifest.note study.Folder [ for cell in study.Sweep.Cells -> Cell.id cell ] [ for item in keys -> item.Key, item.Value ]

        if study.Runtime.RetryFailed then
            for planned in fresh do
                Failures.forget store (Key.tryParse keys[Cell.id planned.Cell]).Value

        // Tasks may begin at once: what they are to do is there before they are.
        Submission.write store.Folder (submitted "" lastBefore)

        let job =
            match batch with
            | None -> ""
            | Some _ ->
                try
                    SlurmCommands.submit (Path.Combine(folder, "array.sbatch")) []
                with _ ->
                    Submission.write store.Folder { submitted "" lastBefore with Batches = kept }
                    reraise ()

        let afterArray = submitted job lastBefore
        Submission.write store.Folder afterArray
        SlurmCommands.cancel idle

        let last =
            if not needsLast then
                lastBefore
            else
                if lastAlive then SlurmCommands.cancel [ lastBefore ]

                match [ yield! left; if job <> "" then job ] with
                | [] -> SlurmCommands.submit (Path.Combine(folder, "report.sbatch")) []
                | jobs ->
                    let kind = if slurm.AfterOk then "afterok" else "afterany"

                    SlurmCommands.submit
                        (Path.Combine(folder, "report.sbatch"))
                        [ $"""--dependency={kind}:{String.Join(':', jobs)}"""; if slurm.AfterOk then "--kill-on-invalid-dep=yes" ]

        let final = { afterArray with Last = last }
        Submission.write store.Folder final
        result final (batch |> Option.map (fun batch -> batch.Tasks.Length, job))

/// What came of it, for people.
let describe (submitted: Submitted) (folder: string) =
    let cells count = if count = 1 then "1 cell" else $"{count} cells"
    let name = submitted.Submission.Study

    [ match submitted.Tasks with
      | Some(tasks, job) ->
          let expected =
              submitted.Expected
              |> Option.map (fun seconds -> $", expected {Duration.text seconds} in all")
              |> Option.defaultValue ""

          let tasks = if tasks = 1 then "1 task" else $"{tasks} tasks"
          $"{name}: {cells submitted.Fresh} in {tasks} of job {job}{expected}"
      | None -> $"{name}: nothing to submit"

      String.Join(
          ", ",
          [ $"{submitted.Done} done"
            if submitted.Covered > 0 then $"{submitted.Covered} in earlier tasks"
            if submitted.Failed > 0 then
                $"{submitted.Failed} failed before (--retry-failed tries them again)"
            if submitted.Dropped > 0 then
                $"{submitted.Dropped} dropped that the study has no more"
            if submitted.Cancelled > 0 then $"{submitted.Cancelled} tasks cancelled" ]
      )
      |> fun line -> $"    {line}"

      if submitted.Submission.Last <> "" && submitted.Tasks.IsSome then
          $"    job {submitted.Submission.Last} writes the report; logs in {folder}" ]
