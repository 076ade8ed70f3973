namespace Falcon.Experiments

open System
open System.IO
open System.Threading
open Falcon
open Falcon.Experiments.Store

type SubmittedStudy =
    { Study: string
      Cells: SubmittedCell list
      Jobs: string list
      QueueProblem: string option
      Folder: string }

    member this.Counts =
        let count isOne = this.Cells |> List.filter (fun cell -> isOne cell.State) |> List.length
        count _.IsWaiting, count _.IsRunning, count _.IsDone, count _.IsFailed, count _.IsLeft

module Submissions =
    let names store = Submission.studies (Path.GetFullPath(store: string))

    let private find store study =
        match Submission.tryRead store study with
        | Some submission -> submission
        | None ->
            raise (
                InvalidInputException(
                    "has not been submitted from this store",
                    $"study {study}",
                    match Submission.studies store with
                    | [] -> "Hand it over with 'falcon submit SCRIPT.fsx', or name its store with --store."
                    | known -> NearestName.suggestion known study
                )
            )

    let private queue study =
        try
            Ok(SlurmCommands.queue [ Submission.jobName study; Submission.lastName study ])
        with :? InvalidInputException as error ->
            Error(string error.Findings[0])

    let private look (store: Store) study =
        let submission = find store.Folder study
        let queue = queue study
        let jobs = [ for batch in submission.Batches -> batch.Job ] @ [ submission.Last ] |> List.filter ((<>) "")

        { Study = study
          Cells = SubmittedCells.states store submission (Result.toOption queue)
          Jobs =
            match queue with
            | Ok queue -> jobs |> List.filter (fun job -> queue |> List.exists (fun queued -> queued.Job = job && queued.IsAlive))
            | Error _ -> []
          QueueProblem =
            match queue with
            | Ok _ -> None
            | Error problem -> Some problem
          Folder = Submission.folder store.Folder study }

    let status store study =
        use store = Store.openAt store
        look store study

    /// How long tasks may take to leave a checkpoint and end.
    let private patience = TimeSpan.FromSeconds 60.0

    let cancel store study =
        use store = Store.openAt store
        let before = look store study

        match before.QueueProblem with
        | Some problem ->
            raise (InvalidInputException(problem, $"study {study}", "Cancel it on a machine of the cluster where jobs are submitted."))
        | None -> ()

        SlurmCommands.cancel before.Jobs
        let until = DateTime.UtcNow + patience

        let rec settled () =
            let now = look store study

            if now.Jobs.IsEmpty || DateTime.UtcNow > until then
                now
            else
                Thread.Sleep 500
                settled ()

        settled ()
