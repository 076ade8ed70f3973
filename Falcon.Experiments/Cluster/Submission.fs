namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.IO
open System.Text.Json.Nodes
open Falcon
open Falcon.Experiments.Store

/// An array of tasks that were submitted together.
type internal Batch =
    {
        Number: int
        /// The array's job; empty when SLURM has not taken it.
        Job: string
        /// The keys of the cells that each task begins with.
        Tasks: string list list
    }

/// A study in the hands of SLURM.
type internal Submission =
    {
        Study: string
        /// All cells of the study in their order: ids, and keys where they are known.
        Cells: (string * string) list
        Batches: Batch list
        /// The job that writes the report; empty when there is none.
        Last: string
    }

    /// The keys that some task is to compute.
    member this.Wanted =
        HashSet
            [ for batch in this.Batches do
                  yield! Seq.concat batch.Tasks ]

/// `submissions/STUDY/` in a store: `submission.json`; for each batch `N/array.sbatch`, `N/report.sbatch` and `N/logs/`; in `running/` which session each task has.
module internal Submission =
    let private root (store: string) = Path.Combine(store, "submissions")

    let folder store study = Path.Combine(root store, study)

    let batchFolder store study (batch: int) = Path.Combine(folder store study, string batch)

    let logFolder store study batch = Path.Combine(batchFolder store study batch, "logs")

    /// Where the output of a task is.
    let log store study batch (task: int) = Path.Combine(logFolder store study batch, $"{task}.out")

    let file store study = Path.Combine(folder store study, "submission.json")

    let jobName study = $"falcon-{study}"

    let lastName study = $"falcon-{study}-report"

    /// The name of a task, which its command line has.
    let taskName study (batch: int) (task: string) = $"{study}/{batch}/{task}"

    let tryParseTask (name: string) =
        match name.Split '/' with
        | [| study; batch; task |] ->
            match Int32.TryParse batch, Int32.TryParse task with
            | (true, batch), (true, task) when study <> "" -> Some(study, batch, task)
            | _ -> None
        | _ -> None

    let private batchNode (batch: Batch) : JsonNode | null =
        JsonObject
            [ KeyValuePair("number", JsonValue.Create batch.Number :> JsonNode | null)
              KeyValuePair("job", ManifestFile.text batch.Job)
              KeyValuePair("tasks", JsonArray [| for task in batch.Tasks -> ManifestFile.texts task |] :> JsonNode | null) ]

    let private batchOf (json: JsonNode | null) =
        let json = (nonNull json).AsObject()

        { Number = (nonNull json["number"]).GetValue<int>()
          Job = string json["job"]
          Tasks = [ for task in (nonNull json["tasks"]).AsArray() -> ManifestFile.textsOf task ] }

    let tryRead store study =
        ManifestFile.tryRead (file store study) (fun json ->
            { Study = study
              Cells = [ for item in (nonNull json["cells"]).AsObject() -> item.Key, string item.Value ]
              Batches = [ for batch in (nonNull json["batches"]).AsArray() -> batchOf batch ]
              Last = string json["last"] })

    let write store (submission: Submission) =
        ManifestFile.write
            (file store submission.Study)
            [ "cells", ManifestFile.pairs submission.Cells
              "batches", (JsonArray [| for batch in submission.Batches -> batchNode batch |] :> JsonNode | null)
              "last", ManifestFile.text submission.Last ]

    /// The studies that have been submitted.
    let studies store =
        if Directory.Exists(root store) then
            [ for folder in Array.sort (Directory.GetDirectories(root store)) do
                  let study = string (Path.GetFileName folder)
                  if File.Exists(file store study) then study ]
        else
            []

    /// The number of a batch that no earlier one has had.
    let nextBatch store study =
        let folder = folder store study

        if Directory.Exists folder then
            Directory.GetDirectories folder
            |> Array.choose (fun path ->
                match Int32.TryParse(Path.GetFileName path) with
                | true, number -> Some number
                | false, _ -> None)
            |> Array.append [| 0 |]
            |> Array.max
            |> (+) 1
        else
            1

    let private running store study = Path.Combine(folder store study, "running")

    /// Notes that a session of the store is that of a task, on a node.
    let noteRunning (store: Store) study (batch: int) (task: int) (node: string) =
        let path = Path.Combine(running store.Folder study, $"{batch}-{task}")
        let text = $"{store.Session.Id}\n{node}\n"
        AtomicFile.Write(path, (fun stream -> stream.Write(Text.Encoding.UTF8.GetBytes text)))

    /// The tasks that have begun, by their sessions: batch, task and node.
    let tasksBySession store study =
        let folder = running store study

        if Directory.Exists folder then
            Map
                [ for path in Directory.GetFiles folder do
                      match (nonNull (Path.GetFileName path)).Split '-', Durable.tryRead path with
                      | [| batch; task |], Some content ->
                          match Int32.TryParse batch, Int32.TryParse task, Text.Encoding.UTF8.GetString(content).Split '\n' with
                          | (true, batch), (true, task), [| session; node; "" |] -> session, (batch, task, node)
                          | _ -> ()
                      | _ -> () ]
        else
            Map.empty

    /// Sees what is wanted as it is now: the file is read again when it has changed.
    let watch store study =
        let mutable stamp = ValueNone
        let mutable wanted = HashSet<string>()
        let gate = obj ()

        fun (key: string) ->
            lock gate (fun () ->
                let now = FileStamp.tryReadFresh (file store study)

                if now <> stamp then
                    match tryRead store study with
                    | Some submission ->
                        wanted <- submission.Wanted
                        stamp <- now
                    | None -> ()

                wanted.Contains key)
