module Falcon.Core.Tests.Methods.EfficientAdTests

open System.IO
open Xunit
open TorchSharp
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Methods
open Falcon.Randomness

let private floats (tensor: torch.Tensor) = tensor.flatten().data<float32>().ToArray()

[<Fact>]
let ``without penalty images there is a warning, which names the option`` () =
    Assert.Contains("PenaltyImages", (EfficientAdOptions().Warnings() |> Seq.exactlyOne).Where)
    Assert.Empty(EfficientAdOptions(PenaltyImages = Path.GetTempPath()).Warnings())
    Assert.Empty(EfficientAdOptions.Lite.Warnings())

[<Fact>]
let ``penalty images smaller than the input are refused`` () =
    use folder = new Scratch.Folder()
    Assert.Contains("at most 512", (EfficientAdOptions(InputSize = 576, PenaltyImages = folder.File "").Check() |> Seq.exactlyOne).Fix)

[<Fact>]
let ``channels in which the teacher is the same everywhere are left out, unless all are`` () =
    use statistics = new EfficientAdStatistics(3L)
    use features = torch.tensor ([| 1f; 2f; 5f; 5f; 3f; 1f |], [| 1L; 3L; 1L; 2L |])
    statistics.Fit features
    use living = statistics.Living features
    Assert.Equal<float32 array>([| 1f; 2f; 3f; 1f |], floats living)
    use constant = torch.ones ([| 1L; 3L; 1L; 2L |])
    statistics.Fit constant
    use all = statistics.Living features
    Assert.Equal<float32 array>(floats features, floats all)

let private draws (sample: int, seed: int64) =
    let images = new TrainingImages(null, new TeacherFeatures([||], [||]), [||], [||])
    EfficientAdDraws(EfficientAdOptions(QuantileSample = sample), images, MasterSeed seed)

[<Fact>]
let ``a sample for quantiles holds different values of the map and follows the seed`` () =
    use values = torch.arange (1000)

    let sample count seed =
        use drawn = draws(count, seed).Sample(values, "student") in drawn.``to`` (torch.ScalarType.Float32) |> floats

    let first = sample 100 1L
    Assert.Equal(100, (Array.distinct first).Length)
    Assert.Equal<float32 array>(first, sample 100 1L)
    Assert.NotEqual<float32 array>(first, sample 100 2L)
    Assert.Equal<float32 array>(Array.init 1000 float32, sample 0 1L)
