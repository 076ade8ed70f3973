/// Other processes that run a study: this program, started again with the word `child`.
module Falcon.Experiments.Tests.Children

open System
open System.Diagnostics
open System.IO
open System.Threading
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods

/// A study of four cells of some epochs each.
let study photos = { study photos with Seeds = [ 0; 1 ]; Methods = [ FalconOptions(Epochs = 3, InputSize = 64) ] }

let runtime (out: string) store workers =
    { Runtime.local with
        Workers = workers
        Verbosity = Quiet
        Out = Some out
        Store = Some store
        CheckpointInterval = TimeSpan.Zero }

/// What a study leaves, cell by cell, without times and places.
let content (out: string) =
    [ for cell in Directory.GetDirectories(Path.Combine(out, "cells")) |> Array.sort do
          for name in [ "scores.csv"; "trained.safetensors"; "maps.safetensors" ] -> FileDigest.Sha256(Path.Combine(cell, name)) ]

/// Runs the study and prints what was computed.
let run (arguments: string list) =
    match arguments with
    | "growth" :: arguments -> Growth.run arguments
    | [ photos; out; store; workers ] ->
        Console.WriteLine "ready"
        let result = Study.runWith (Listener()) CancellationToken.None (runtime out store (int workers)) (study photos)

        for item in result.Computed do
            Console.WriteLine $"{item.Key} {item.Value}"

        if not result.Failed.IsEmpty then failwith (snd result.Failed.Head).Message
    | _ -> failwith $"unknown child: {arguments}"

let start (arguments: string list) =
    let info =
        ProcessStartInfo(
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "Falcon.Experiments.Tests.dll") :: "child" :: arguments,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    nonNull (Process.Start info)

/// Waits for the end of a child; what it has computed by stage.
let finish (child: Process) =
    let output = child.StandardOutput.ReadToEndAsync()
    let error = child.StandardError.ReadToEndAsync()
    child.WaitForExit()
    if child.ExitCode <> 0 then failwith $"a child failed: {error.Result}"

    [ for line in output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries) do
          match line.Split ' ' with
          | [| stage; count |] -> stage, int count
          | _ -> () ]
