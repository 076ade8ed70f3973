/// What the tests of every pre-training need.
module Falcon.Core.Tests.Pretraining.Trainings

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Core.Tests
open Falcon.Imaging
open Falcon.Training

/// A folder of three pictures.
let pictures (scratch: Scratch.Folder) =
    let folder = Directory.CreateDirectory(scratch.File "pictures").FullName

    for i in 1..3 do
        ImageFile.WritePng(Path.Combine(folder, $"{i}.png"), RasterImage(60, 50, 3, Array.init (3 * 60 * 50) (fun k -> byte (k * (i + 3)))))

    folder

/// A training writes the same file when it is interrupted after the first pass and started again; the file's path.
let resumes
    (scratch: Scratch.Folder)
    (train: string -> TrainingCheckpoint | null -> IProgress<TrainingProgress> | null -> CancellationToken -> unit)
    =
    let straight, resumed = scratch.File "straight.safetensors", scratch.File "resumed.safetensors"
    train straight null null CancellationToken.None

    use cancellation = new CancellationTokenSource()
    let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)

    let cancelling =
        { new IProgress<TrainingProgress> with
            member _.Report progress = if progress.Epoch = 1 then cancellation.Cancel() }

    Expect.throwsT<OperationCanceledException>
        (fun () -> train resumed (checkpoint ()) cancelling cancellation.Token)
        "train resumed checkpoint is cancelled"

    train resumed (checkpoint ()) null CancellationToken.None
    Expect.equal (File.ReadAllBytes resumed) (File.ReadAllBytes straight) "bytes of resumed"
    straight
