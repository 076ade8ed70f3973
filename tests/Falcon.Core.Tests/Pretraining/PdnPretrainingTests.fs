module Falcon.Core.Tests.Pretraining.PdnPretrainingTests

open System.IO
open Xunit
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Pretraining
open Falcon.Randomness

let private options = PdnPretrainingOptions(Backbone = "resnet18", InputSize = 64, BatchSize = 2, Steps = 3L)

[<Fact>]
let ``pre-training gives a teacher, and an interrupted run continues to the same one`` () =
    use scratch = new Scratch.Folder()
    let folder = Trainings.pictures scratch
    use classifier = Teacher.Random("resnet18", MasterSeed 1L)

    let trained =
        Trainings.resumes scratch (fun path checkpoint progress cancellation ->
            PdnPretraining.Run(options, classifier, folder, path, MasterSeed 3L, checkpoint, progress, cancellation))

    use teacher = Teacher.Load(trained, "pdn_small")
    use image = torch.ones ([| 1L; 3L; 64L; 64L |])
    use features = teacher.Look(image, [| BackboneTap.Patches |])
    Assert.Equal<int64[]>([| 1L; 384L; 8L; 8L |], features[BackboneTap.Patches].shape)

[<Fact>]
let ``a folder without images is reported, and so is a broken image`` () =
    use scratch = new Scratch.Folder()
    use classifier = Teacher.Random("resnet18", MasterSeed 1L)
    let run folder = PdnPretraining.Run(options, classifier, folder, scratch.File "out", MasterSeed 3L)

    Assert.Contains(
        "no image",
        Assert.Throws<InvalidInputException>(fun () -> run (Directory.CreateDirectory(scratch.File "none").FullName)).Message
    )

    Assert.Contains("no such folder", Assert.Throws<InvalidInputException>(fun () -> run (scratch.File "missing")).Message)

    let folder = Trainings.pictures scratch
    let broken = Path.Combine(folder, "broken.png")
    File.WriteAllText(broken, "no picture")
    Assert.Contains(broken, Assert.Throws<InvalidInputException>(fun () -> run folder).Message)
