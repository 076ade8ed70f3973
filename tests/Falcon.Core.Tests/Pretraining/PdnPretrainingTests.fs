module Falcon.Core.Tests.Pretraining.PdnPretrainingTests

open System
open System.IO
open System.Threading
open Xunit
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training

let private options = PdnPretrainingOptions(Backbone = "resnet18", InputSize = 64, BatchSize = 2, Steps = 3L)

let private images (scratch: Scratch.Folder) =
    let folder = Directory.CreateDirectory(scratch.File "images").FullName

    for i in 1..3 do
        ImageFile.WritePng(Path.Combine(folder, $"{i}.png"), RasterImage(40, 40, 3, Array.init (3 * 40 * 40) (fun k -> byte (k * (i + 3)))))

    folder

[<Fact>]
let ``pre-training gives a teacher, and an interrupted run continues to the same one`` () =
    use scratch = new Scratch.Folder()
    let folder = images scratch
    use classifier = Teacher.Random("resnet18", MasterSeed 1L)
    let straight, resumed = scratch.File "straight.safetensors", scratch.File "resumed.safetensors"
    PdnPretraining.Run(options, classifier, folder, straight, MasterSeed 3L)

    use cancellation = new CancellationTokenSource()
    let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)

    let cancelling =
        { new IProgress<TrainingProgress> with
            member _.Report progress = if progress.Epoch = 1 then cancellation.Cancel() }

    Assert.Throws<OperationCanceledException>(fun () ->
        PdnPretraining.Run(options, classifier, folder, resumed, MasterSeed 3L, checkpoint (), cancelling, cancellation.Token))
    |> ignore

    PdnPretraining.Run(options, classifier, folder, resumed, MasterSeed 3L, checkpoint ())
    Assert.Equal<byte[]>(File.ReadAllBytes straight, File.ReadAllBytes resumed)
    use teacher = Teacher.Load(straight, "pdn_small")
    use image = torch.ones ([| 1L; 3L; 64L; 64L |])
    use features = teacher.Look(image, [| BackboneTap.Patches |])
    Assert.Equal<int64[]>([| 1L; 384L; 8L; 8L |], features[BackboneTap.Patches].shape)

[<Fact>]
let ``a folder without images is reported`` () =
    use scratch = new Scratch.Folder()
    use classifier = Teacher.Random("resnet18", MasterSeed 1L)
    let run folder = PdnPretraining.Run(options, classifier, folder, scratch.File "out", MasterSeed 3L)

    Assert.Contains(
        "no image",
        Assert.Throws<InvalidInputException>(fun () -> run (Directory.CreateDirectory(scratch.File "none").FullName)).Message
    )

    Assert.Contains("no such folder", Assert.Throws<InvalidInputException>(fun () -> run (scratch.File "missing")).Message)
