/// Studies in the hands of SLURM: what is submitted, how it is refused, and a real cluster of two nodes where its programs are installed.
module Falcon.Cli.Tests.SubmitVerbsTests

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading
open Falcon
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Expecto

/// A study of 24 tiny cells beside its data, which is compiled once for all tests.
let private shared =
    lazy
        (let folder = new Scratch.Folder()
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> (folder :> IDisposable).Dispose())
         DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))

         File.WriteAllText(
             folder.File "study.fsx",
             $"""#r "Falcon.Core.dll"
#r "Falcon.Reports.dll"
#r "Falcon.Experiments.dll"
open Falcon.Experiments
open Falcon.Methods

experiment "handed" {{
    data (Data.at @"{folder.File "data"}" |> Data.categories [ "fabric" ])
    shots [ 1; 2 ]
    seeds [ 0 .. 3 ]
    methods [ PatchCoreOptions(InputSize = 64); PatchCoreOptions(InputSize = 64, Share = 0.5); PadimOptions(InputSize = 64) ]
    teacher Teacher.random
    metrics [ ImageAuroc ]
}}
|> Study.withReport @"{folder.File "report"}" [ Table.summary ]
|> Study.run Runtime.local
"""
         )

         folder)

let private script () = shared.Value.File "study.fsx"

let private falconIn environment words = Command.finish (Command.start environment words)

let private refused words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.InvalidInput outcome.Error
    outcome.Error

/// What the results of a study are, without times and places.
let private content (store: string) =
    [ for cell in Directory.GetDirectories(Path.Combine(store, "results", "handed", "cells")) |> Array.sort do
          for name in [ "scores.csv"; "trained.safetensors"; "maps.safetensors" ] ->
              Path.GetFileName cell, name, FileDigest.Sha256(Path.Combine(cell, name)) ]

let private clusterScript = Fixtures.repositoryRoot |> Option.map (fun root -> Path.Combine(root, "setup", "slurm-test.sh"))

let private shell (script: string) action folder =
    use running =
        Process.Start(ProcessStartInfo(script, [ action; folder ], RedirectStandardOutput = true, RedirectStandardError = true))
        |> Option.ofObj
        |> Option.get

    Command.finish running

[<Tests>]
let tests =
    testList
        "Submitted studies"
        [ test "a dry run prints the files for sbatch and submits nothing" {
              use folder = new Scratch.Folder()
              let script, store = script (), folder.File "store"

              let outcome =
                  falconIn
                      []
                      $"submit {script} --dry-run --store {store} --tasks 6 --time 1-12 --partition gpu --gpus 2 --workers 2 --sbatch=--mem=16G --set seeds=0..2"

              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error

              for line in
                  [ "#SBATCH --array=0-5"
                    "#SBATCH --time=1-12:00:00"
                    "#SBATCH --partition=gpu"
                    "#SBATCH --gres=gpu:2"
                    "#SBATCH --cpus-per-task=2"
                    "#SBATCH --requeue"
                    "#SBATCH --signal=B:TERM@120"
                    "#SBATCH --mem=16G"
                    $"#SBATCH --output={store}/submissions/handed/1/logs/%%a.out"
                    $"#SBATCH --output={store}/submissions/handed/1/logs/report.out" ] do
                  Expect.stringContains outcome.Out (line + "\n") line

              Expect.stringContains outcome.Out "18 cells of the study handed in 6 tasks" "cells"

              Expect.stringContains
                  outcome.Out
                  $"run {script} --set seeds=0..2 --store {store} --out {store}/results/handed --threads 1 --workers 2 --device cuda:0 --device cuda:1 --task \"handed/1/$SLURM_ARRAY_TASK_ID\"\n"
                  "command"

              Expect.isFalse (Directory.Exists(Path.Combine(store, "submissions"))) "submissions"
          }
          test "impossible wishes are refused before anything is planned" {
              use folder = new Scratch.Folder()
              let script, store = "study.fsx", folder.File "store"

              for words, what in
                  [ "--time 4h", "'4h' is no time"
                    "--time 0:10", "too short"
                    "--tasks 0", "0 tasks are too few"
                    "--gpus -1", "-1 is no number of GPUs"
                    "--tasks many", "many"
                    "--taks 3", "Did you mean '--tasks'?"
                    "--task 3", "Did you mean '--tasks'?"
                    "--sbatch=--job-name=mine", "is set by Falcon"
                    "--sbatch=-a5", "is set by Falcon" ] do
                  Expect.stringContains (refused $"submit {script} --dry-run --store {store} {words}") what words
          }
          test "without SLURM's commands, or a study that was submitted, the error says what to do" {
              use folder = new Scratch.Folder()
              let store = folder.File "store"

              let outcome = falconIn [ "PATH", folder.File "nowhere" ] $"submit {script ()} --store {store}"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput outcome.Error
              Expect.stringContains outcome.Error "there is no such command on PATH" "sinfo"

              Directory.CreateDirectory store |> ignore
              Expect.stringContains (refused $"submit status handed --store {store}") "has not been submitted from this store" "status"
              Expect.stringContains (refused $"submit cancel --store {store}") "no study has been submitted from this store" "cancel"
          }
          test
              "more tasks than an array may have, and places that other machines cannot see, are refused; without a number the array is as large as it may be" {
              use folder = new Scratch.Folder()
              let store = folder.File "store"

              let program name (says: string) =
                  let file = folder.File name
                  File.WriteAllText(file, $"#!/bin/sh\n{says}\n")
                  File.SetUnixFileMode(file, UnixFileMode.UserRead ||| UnixFileMode.UserExecute)

              if not (OperatingSystem.IsLinux()) then
                  skiptest "Only Linux tells which file system a folder is on."

              program "sinfo" "echo node17.cluster"
              program "squeue" ""
              program "scontrol" "echo 'MaxArraySize            = 5'"

              // What is below /tmp is seen by this machine alone.
              let submit words = falconIn [ "PATH", folder.File "." ] $"submit {script ()} --store {store} {words}"

              for words, faults in
                  [ "--tasks 6 --dry-run",
                    [ "--tasks: an array of 6 tasks is larger than the cluster's MaxArraySize, 5"
                      "Give at most 5: tasks take several cells, one after the other." ]
                    "",
                    [ "the store is "
                      "the script is "
                      "the data is "
                      "Put it on a file system that all nodes of the cluster share" ] ] do
                  let outcome = submit words
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput outcome.Out

                  for fault in faults do
                      Expect.stringContains outcome.Error fault fault

              let outcome = submit "--dry-run"
              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
              Expect.stringContains outcome.Out "#SBATCH --array=0-4\n" "array"
          }
          test "cache probe says whether a folder has what a store needs" {
              use folder = new Scratch.Folder()
              let probed = folder.File "probed"
              let outcome = Command.run $"cache probe {probed} --json"
              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
              Expect.isTrue (JsonDocument.Parse(outcome.Out).RootElement.GetProperty("good").GetBoolean()) "good"
              Expect.stringContains (refused $"cache probe {probed} --processes 0") "too few" "processes"
          }
          test "24 cells in 6 tasks on 2 nodes of a real SLURM have the bits of one machine, and are computed once" {
              use folder = new Scratch.Folder()

              let cluster =
                  match clusterScript with
                  | Some script -> script
                  | None -> skiptest "The script setup/slurm-test.sh is not at hand."

              let place = folder.File "cluster"
              let started = shell cluster "start" place

              if started.ExitCode = 3 then skiptest (started.Error.Trim())

              Expect.equal started.ExitCode 0 started.Error
              let environment = [ "SLURM_CONF", started.Out.Trim() ]
              let falcon = falconIn environment

              try
                  let script, store = script (), folder.File "the store"
                  let quoted = $"\"{store}\""
                  let single = folder.File "alone"
                  let alone = falcon $"run {script} --store {single} --quiet --workers 1"
                  Expect.equal alone.ExitCode 0 alone.Error
                  let report = shared.Value.File "report"
                  Directory.Delete(report, true)
                  let submitted = falcon $"submit {script} --store {quoted} --tasks 6"
                  Expect.equal submitted.ExitCode 0 submitted.Error
                  Expect.stringContains submitted.Out "24 cells in 6 tasks of job " "submitted"

                  let status () = JsonDocument.Parse((falcon $"submit status --store {quoted} --json").Out).RootElement
                  let watch = Stopwatch.StartNew()

                  let rec settled () =
                      let now = status ()

                      if now.GetProperty("jobs").GetArrayLength() > 0 && watch.Elapsed < TimeSpan.FromMinutes 3.0 then
                          Thread.Sleep 1000
                          settled ()
                      else
                          now

                  let states =
                      [ for cell in settled().GetProperty("cells").EnumerateArray() -> string (cell.GetProperty("state").GetString()) ]

                  Expect.equal (List.countBy id states) [ "done", 24 ] "states"
                  Expect.equal (content store) (content single) "bits"
                  Expect.isTrue (File.Exists(Path.Combine(report, "index.html"))) "report"

                  let logs =
                      [ for task in 0..5 -> File.ReadAllText(Path.Combine(store, "submissions", "handed", "1", "logs", $"{task}.out")) ]

                  let ends (log: string) = log.Split '\n' |> Array.filter (fun line -> line.EndsWith " s)") |> Array.length
                  Expect.equal (List.sumBy ends logs) 24 "each cell ends once"
                  let again = falcon $"submit {script} --store {quoted} --tasks 6"
                  Expect.stringContains again.Out "nothing to submit" "again"
                  let wrong = falcon $"submit {script} --set seeds=7 --store {quoted} --partition none"
                  Expect.equal wrong.ExitCode ExitCode.InvalidInput "partition"
                  Expect.stringContains wrong.Error "invalid partition" "partition"
              finally
                  shell cluster "stop" place |> ignore
          } ]
