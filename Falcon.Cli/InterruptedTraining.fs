/// Trainings that the same command continues: what an interrupted one leaves stands in a folder beside its output until it has ended.
module Falcon.Cli.InterruptedTraining

open System
open System.IO
open System.Security.Cryptography
open System.Text
open Falcon
open Falcon.Backbones
open Falcon.Data
open Falcon.Diagnostics
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training

/// The folder of an output.
let folder (output: string) = output + ".checkpoint"

let private isEmpty path = Seq.isEmpty (Directory.EnumerateFileSystemEntries path)

let private digits = 16

let private isKey (folder: string) =
    let name = string (Path.GetFileName folder)
    name.Length = digits && Seq.forall Char.IsAsciiHexDigitLower name

/// Removes what trainings have left in a folder, and nothing else: once their result is kept.
let forget (folder: string) =
    if Directory.Exists folder then
        Directory.GetFiles(folder, "*.checkpoint") |> Array.iter File.Delete

        for training in Directory.GetDirectories folder |> Array.filter isKey do
            Directory.Delete(training, true)

        if isEmpty folder then Directory.Delete folder

/// Keeps other trainings out of a folder until it is given back: the first to end would remove what the others have left. A process that ends in any way gives it back.
let hold (folder: string) =
    Directory.CreateDirectory folder |> ignore

    let held =
        try
            new FileStream(
                Path.Combine(folder, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            )
        with :? IOException as error when not (DiskFullException.IsReason error) ->
            raise (
                InvalidInputException(
                    "another training writes the same output at the moment",
                    folder,
                    "Wait until it has ended, or give another name with --out."
                )
            )

    { new IDisposable with
        member _.Dispose() =
            held.Dispose()
            if Directory.Exists folder && isEmpty folder then Directory.Delete folder }

/// Says where what a stopped training has done is, if it has left anything, and which command goes on from there.
let tell session (folder: string) command =
    if Directory.Exists folder && not (isEmpty folder) then
        session.Error.WriteLine $"what is done is in {folder}: {command} goes on from there"

/// Trains with a checkpoint in a folder. That it goes on from there is said, and where it is interrupted, what to do.
let run session (interval: TimeSpan) (folder: string) (train: TrainingCheckpoint -> (TrainingProgress -> unit) -> 'Result) : 'Result =
    let hear (state: TrainingProgress) =
        match state.Remark with
        | null -> ()
        | remark -> Session.warn session remark

        match state.Continues with
        | null -> ()
        | position ->
            session.Error.WriteLine
                $"an interrupted training goes on at epoch {position.Epoch + 1} of {position.Epochs}, after {position.Step} steps: {folder}"

    try
        train (TrainingCheckpoint(folder, interval)) hear
    with :? OperationCanceledException ->
        tell session folder "the same command"
        reraise ()

/// What a detector's training depends on, to the bit: a command that differs in one of them starts anew.
let key session (options: MethodOptions) (teacher: Teacher) (images: ImageItem seq) (seed: MasterSeed) (further: string list) =
    let build = BuildInfo.Current
    let taught = teacher.Provenance

    let parts =
        [ MethodJson.WriteAll(options).ToJsonString()
          $"{taught.Backbone} {taught.Sha256 |> Option.ofObj |> Option.defaultValue taught.Weights} {taught.Precision}"
          $"{seed.Value} {session.Options.Device} {session.Options.Threads} {build.Version} {build.Commit}"
          yield! further
          for image in images do
              // In their order, which decides the batches.
              $"{image.RelativeName} {DataDigest.Of([ image ], (fun path -> FileDigest.Sha256 path))}" ]

    let hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(String.concat "\n" parts)))
    hash[.. digits - 1]
