module Falcon.Core.Tests.Detection.DetectorTests

open System.IO
open Xunit
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness

let private images (scratch: Scratch.Folder) =
    [| for i in 0..2 do
           let name = $"{i}.png"
           let disc p = let y, x = p / 48 - 24, p % 48 - 24 in if y * y + x * x < 300 then 200 - i else 40 + (p * 13 % 9)
           ImageFile.WritePng(scratch.File name, RasterImage(48, 48, 3, Array.init (3 * 48 * 48) (fun k -> byte (disc (k / 3)))))
           ImageItem(scratch.File name, name, "good", false) |]

let private options = FalconOptions(InputSize = 64, Epochs = 1)
let private source = DetectorSource("made up", "disc", "all")

let private train workers images =
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use detector = Detector.Train(options, teacher, images, MasterSeed 7L, source, loaderWorkers = workers)
    detector.Card, [ for p in detector.Predict(images, workers) -> p.Score, List.ofArray p.Map.Values ]

[<Fact>]
let ``a saved detector predicts bit for bit what the trained one does and needs no other file`` () =
    use scratch = new Scratch.Folder()
    let images = images scratch
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use trained = Detector.Train(options, teacher, images, MasterSeed 7L, source)
    trained.Save(scratch.File "model.safetensors")
    use loaded = Detector.Load(scratch.File "model.safetensors")
    let scores (detector: Detector) = [ for p in detector.Predict images -> p.Score, List.ofArray p.Map.Values ]
    Assert.Equal<(float * float32 list) list>(scores trained, scores loaded)
    Assert.Equal(trained.Card.Method, loaded.Card.Method)
    Assert.Equal(trained.Card.Threshold, loaded.Card.Threshold)
    Assert.Equal<string seq>([ "0.png"; "1.png"; "2.png" ], loaded.Card.TrainingImages)

[<Fact>]
let ``the number of loader workers does not change a bit`` () =
    use scratch = new Scratch.Folder()
    let images = images scratch
    let card, scores = train 1 images
    let cardOfFour, scoresOfFour = train 4 images
    Assert.Equal<(float * float32 list) list>(scores, scoresOfFour)
    Assert.Equal(card.Threshold, cardOfFour.Threshold)

[<Fact>]
let ``a teacher that the method is not specified for, a wrong option and no image are reported together`` () =
    use teacher = Teacher.Random("resnet50", MasterSeed 1L, BackboneTap.Layer1)
    let error =
        Assert.Throws<InvalidInputException>(fun () ->
            Detector.Train(FalconOptions(Epochs = 0), teacher, [], MasterSeed 0L, source) |> ignore)

    Assert.Equal(3, error.Findings.Count)

[<Fact>]
let ``a file that is no detector is refused by name`` () =
    use scratch = new Scratch.Folder()
    File.WriteAllText(scratch.File "x.safetensors", "nothing")
    let error = Assert.Throws<InvalidInputException>(fun () -> Detector.Load(scratch.File "x.safetensors") |> ignore)
    Assert.Contains("x.safetensors", error.Message)

[<Fact>]
let ``the threshold of normal scores is their mean plus three standard deviations`` () =
    Assert.Equal(2.0 + 3.0 * 1.0, ScoreThreshold.Of [ 1.0; 2.0; 3.0 ], 12)
    Assert.Equal(4.0, ScoreThreshold.Of [ 4.0 ])
