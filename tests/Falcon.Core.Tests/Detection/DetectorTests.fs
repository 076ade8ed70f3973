module Falcon.Core.Tests.Detection.DetectorTests

open System
open System.IO
open System.Threading
open Xunit
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training

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
    let inputs = ComputedInputs(teacher, workers)
    use detector = Detector.Train(options, teacher, images, MasterSeed 7L, source, inputs)
    detector.Card, [ for p in detector.Predict(images, inputs) -> p.Score, List.ofArray p.Map.Values ]

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
let ``a detector without its teacher predicts the same around that teacher, and refuses another one`` () =
    use scratch = new Scratch.Folder()
    let images = images scratch
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    use trained = Detector.Train(options, teacher, images, MasterSeed 7L, source)
    trained.SaveTrained(scratch.File "trained.safetensors")
    use loaded = Detector.Load(scratch.File "trained.safetensors", teacher)
    let scores (detector: Detector) = [ for p in detector.Predict images -> p.Score, List.ofArray p.Map.Values ]
    Assert.Equal<(float * float32 list) list>(scores trained, scores loaded)
    use other = Teacher.Random("resnet18", MasterSeed 2L)

    let error =
        Assert.Throws<InvalidInputException>(fun () -> Detector.Load(scratch.File "trained.safetensors", other) |> ignore)

    Assert.Contains("another teacher", error.Message)

/// Cancels after some looks at the clock of a training: its progress is told after each epoch.
let private stoppingAfter epochs (cancellation: CancellationTokenSource) =
    { new IProgress<TrainingProgress> with
        member _.Report progress = if progress.Epoch = epochs then cancellation.Cancel() }

[<Theory>]
[<InlineData(1)>]
[<InlineData(3)>]
let ``a training that was interrupted ends with the same bits as one that was not`` (batch: int) =
    use scratch = new Scratch.Folder()
    let images = images scratch
    let options = FalconOptions(InputSize = 64, Epochs = 4, BatchSize = batch)
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)

    let weights (detector: Detector) =
        [ for struct (_, part) in detector.Network.Parts do
              for entry in part.state_dict () -> entry.Key, entry.Value.bytes.ToArray() |> List.ofArray ]

    use straight = Detector.Train(options, teacher, images, MasterSeed 7L, source)
    let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)

    for epochs in [ 1; 3 ] do
        use cancellation = new CancellationTokenSource()

        Assert.Throws<OperationCanceledException>(fun () ->
            Detector.Train(
                options,
                teacher,
                images,
                MasterSeed 7L,
                source,
                null,
                checkpoint (),
                stoppingAfter epochs cancellation,
                cancellation.Token
            )
            |> ignore)
        |> ignore

        Assert.Single(Directory.GetFiles(scratch.File "checkpoint")) |> ignore

    let epochs = ResizeArray()

    let told =
        { new IProgress<TrainingProgress> with
            member _.Report progress = epochs.Add progress.Epoch }

    use resumed = Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint (), told)
    Assert.Equal<int list>([ 3; 4 ], List.ofSeq epochs)
    Assert.Equal<(string * byte list) list>(weights straight, weights resumed)

    Assert.Equal<float list list>(
        [ for losses in straight.Card.Epochs -> List.ofSeq losses.Values ],
        [ for losses in resumed.Card.Epochs -> List.ofSeq losses.Values ]
    )

    Assert.Equal(straight.Card.Threshold, resumed.Card.Threshold)

[<Fact>]
let ``a damaged checkpoint is not used`` () =
    use scratch = new Scratch.Folder()
    let images = images scratch
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    let options = FalconOptions(InputSize = 64, Epochs = 2)
    let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.Zero)
    use first = Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint ())
    let file = Assert.Single(Directory.GetFiles(scratch.File "checkpoint"))
    let bytes = File.ReadAllBytes file
    bytes[bytes.Length / 2] <- bytes[bytes.Length / 2] ^^^ 1uy
    File.WriteAllBytes(file, bytes)
    let epochs = ResizeArray()

    let told =
        { new IProgress<TrainingProgress> with
            member _.Report progress = epochs.Add progress.Epoch }

    use second = Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint (), told)
    Assert.Equal<int list>([ 0; 1; 2 ], List.ofSeq epochs)
    Assert.Equal(first.Card.Threshold, second.Card.Threshold)

[<Fact>]
let ``a teacher that the method is not specified for, a wrong option and no image are reported together`` () =
    use teacher = Teacher.Random("resnet50", MasterSeed 1L, BackboneTap.Layer1)

    let error =
        Assert.Throws<InvalidInputException>(fun () ->
            Detector.Train(FalconOptions(Epochs = 0), teacher, [||], MasterSeed 0L, source) |> ignore)

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

[<Fact>]
let ``a method that sees the middle of an oblong image has the lowest score elsewhere`` () =
    use scratch = new Scratch.Folder()

    let write name width (shift: int) =
        let pixel i = let x, y = i / 3 % width + shift, i / 3 / width in byte ((x * x + 3 * y * (i % 3 + 1)) % 200)
        ImageFile.WritePng(scratch.File name, RasterImage(width, 64, 3, Array.init (3 * width * 64) pixel))
        ImageItem(scratch.File name, name, "good", false)

    let oblong, middle = write "oblong.png" 128 0, write "middle.png" 64 32
    use teacher = Teacher.Random("resnet18", MasterSeed 1L)
    let options = PadimOptions(InputSize = 64, Channels = 20, ShorterSide = Nullable 64)

    use detector =
        Detector.Train(options, teacher, [| write "other.png" 64 5; write "another.png" 64 9 |], MasterSeed 7L, source)

    let predictions = detector.Predict [| oblong; middle |] |> Array.ofSeq
    let whole, part = predictions[0].Map, predictions[1].Map
    Assert.Equal((128, 64), (whole.Width, whole.Height))

    let expected =
        [| for y in 0..63 do
               for x in 0..127 -> if x < 32 || x >= 96 then Array.min part.Values else part.Values[y * 64 + x - 32] |]

    Assert.All(Array.zip expected whole.Values, (fun (expected, found) -> Assert.Equal(expected, found, 1e-4f)))
    Assert.Equal(predictions[1].Score, predictions[0].Score, 1e-4)
