module Falcon.Core.Tests.Detection.DetectorTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Tests
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

/// A clock that stands still until it is told.
type private Clock() =
    inherit TimeProvider()
    member val Now = 0L with get, set
    override _.TimestampFrequency = 1L
    override clock.GetTimestamp() = clock.Now

/// Cancels after some looks at the clock of a training: its progress is told after each epoch.
let private stoppingAfter epochs (cancellation: CancellationTokenSource) =
    { new IProgress<TrainingProgress> with
        member _.Report progress = if progress.Epoch = epochs then cancellation.Cancel() }

[<Tests>]
let tests =
    testList
        "Detector"
        [ test "a saved detector predicts bit for bit what the trained one does and needs no other file" {
              use scratch = new Scratch.Folder()
              let images = images scratch
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use trained = Detector.Train(options, teacher, images, MasterSeed 7L, source)
              trained.Save(scratch.File "model.safetensors")
              use loaded = Detector.Load(scratch.File "model.safetensors")
              let scores (detector: Detector) = [ for p in detector.Predict images -> p.Score, List.ofArray p.Map.Values ]
              Expect.equal (scores loaded) (scores trained) "scores loaded"
              Expect.equal loaded.Card.Method trained.Card.Method "method of loaded card"
              Expect.equal loaded.Card.Threshold trained.Card.Threshold "threshold of loaded card"
              Expect.sequenceEqual loaded.Card.TrainingImages [ "0.png"; "1.png"; "2.png" ] "training images of loaded card"
          }
          test "the number of loader workers does not change a bit" {
              use scratch = new Scratch.Folder()
              let images = images scratch
              let card, scores = train 1 images
              let cardOfFour, scoresOfFour = train 4 images
              Expect.equal scoresOfFour scores "scores of four"
              Expect.equal cardOfFour.Threshold card.Threshold "threshold of card of four"
          }
          test "a detector without its teacher predicts the same around that teacher, and refuses another one" {
              use scratch = new Scratch.Folder()
              let images = images scratch
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use trained = Detector.Train(options, teacher, images, MasterSeed 7L, source)
              trained.SaveTrained(scratch.File "trained.safetensors")
              use loaded = Detector.Load(scratch.File "trained.safetensors", teacher)
              let scores (detector: Detector) = [ for p in detector.Predict images -> p.Score, List.ofArray p.Map.Values ]
              Expect.equal (scores loaded) (scores trained) "scores loaded"
              use other = Teacher.Random("resnet18", MasterSeed 2L)

              let error = raised<InvalidInputException>(fun () -> Detector.Load(scratch.File "trained.safetensors", other) |> ignore)

              Expect.stringContains error.Message "another teacher" "message of error"
          }
          test "a detector of the time when the compact network was called kestrel says the same" {
              use scratch = new Scratch.Folder()
              let images = images scratch
              let options = PadimOptions(Backbone = "compact", InputSize = 64, Channels = 4)
              use teacher = Teacher.Random("compact", MasterSeed 1L, options.DeepestTap)
              use trained = Detector.Train(options, teacher, images, MasterSeed 7L, source)
              trained.Save(scratch.File "part.falcon")
              // Both names have seven letters: the file's lengths stay as they are.
              let latin = System.Text.Encoding.Latin1
              let file = (latin.GetString(File.ReadAllBytes(scratch.File "part.falcon"))).Replace("compact", "kestrel")
              Expect.stringContains file "kestrel" "the former name"
              File.WriteAllBytes(scratch.File "former.falcon", latin.GetBytes file)
              use former = Detector.Load(scratch.File "former.falcon")
              let scores (detector: Detector) = [ for p in detector.Predict images -> p.Score, List.ofArray p.Map.Values ]
              Expect.equal (scores former) (scores trained) "scores"
              Expect.equal (former.Card.Method, former.Card.Teacher) (trained.Card.Method, trained.Card.Teacher) "method and teacher"
          }
          testTheory "a training that was interrupted ends with the same bits as one that was not" [ 1; 3 ] (fun (batch: int) ->
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

                  Expect.throwsT<OperationCanceledException>
                      (fun () ->
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
                      "train options teacher is cancelled"

                  Expect.hasLength (Directory.GetFiles(scratch.File "checkpoint")) 1 "files checkpoint"

              let epochs = ResizeArray()

              let told =
                  { new IProgress<TrainingProgress> with
                      member _.Report progress = epochs.Add progress.Epoch }

              use resumed = Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint (), told)
              Expect.equal (List.ofSeq epochs) [ 3; 4 ] "epochs"
              Expect.equal (weights resumed) (weights straight) "weights resumed"

              Expect.equal
                  [ for losses in resumed.Card.Epochs -> List.ofSeq losses.Values ]
                  [ for losses in straight.Card.Epochs -> List.ofSeq losses.Values ]
                  "losses values"

              Expect.equal resumed.Card.Threshold straight.Card.Threshold "threshold of resumed card")
          testTheory
              "a training leaves a checkpoint after a tenth of its steps, though not twice within five seconds"
              [ 2L, [ 3; 3; 3; 6; 6; 6; 9 ]; 5L, [ 1; 2; 3; 4; 5; 6; 7; 8; 9 ] ]
              (fun (seconds: int64, left: int list) ->
                  use scratch = new Scratch.Folder()
                  let options = FalconOptions(InputSize = 64, Epochs = 10, BatchSize = 3)
                  use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                  let clock = Clock()
                  let checkpoint = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0, clock)
                  let seen = ResizeArray()

                  // An epoch is a step here, and takes so many seconds.
                  let told =
                      { new IProgress<TrainingProgress> with
                          member _.Report progress =
                              if progress.Epoch > 0 then clock.Now <- clock.Now + seconds

                              match TrainingCheckpoint.Find(scratch.File "checkpoint") with
                              | null -> ()
                              | position -> seen.Add position }

                  use trained = Detector.Train(options, teacher, images scratch, MasterSeed 7L, source, null, checkpoint, told)
                  Expect.equal [ for position in seen -> position.Epoch ] left "epochs that were kept"
                  Expect.equal (seen[0].Describe(TrainingPlan(10, 4))) $"epoch {left[0] + 1}" "of a training that counts epochs"
                  Expect.equal (seen[0].Describe(TrainingPlan(10, 4, Steps = 10L))) $"step {left[0] + 1} of 10" "of one that counts steps")
          test "a damaged checkpoint is not used" {
              use scratch = new Scratch.Folder()
              let images = images scratch
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let options = FalconOptions(InputSize = 64, Epochs = 2)
              let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.Zero)
              use first = Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint ())
              let file = Seq.exactlyOne (Directory.GetFiles(scratch.File "checkpoint"))
              let bytes = File.ReadAllBytes file
              bytes[bytes.Length / 2] <- bytes[bytes.Length / 2] ^^^ 1uy
              File.WriteAllBytes(file, bytes)
              let epochs = ResizeArray()

              let told =
                  { new IProgress<TrainingProgress> with
                      member _.Report progress = epochs.Add progress.Epoch }

              use second = Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint (), told)
              Expect.equal (List.ofSeq epochs) [ 0; 1; 2 ] "epochs"
              Expect.equal second.Card.Threshold first.Card.Threshold "threshold of second card"
          }
          test "a teacher that the method is not specified for, a wrong option and no image are reported together" {
              use teacher = Teacher.Random("resnet50", MasterSeed 1L, BackboneTap.Layer1)

              let error =
                  raised<InvalidInputException>(fun () ->
                      Detector.Train(FalconOptions(Epochs = 0), teacher, [||], MasterSeed 0L, source) |> ignore)

              Expect.equal error.Findings.Count 3 "number of error"
          }
          test "a file that is no detector is refused by name" {
              use scratch = new Scratch.Folder()
              File.WriteAllText(scratch.File "x.safetensors", "nothing")
              let error = raised<InvalidInputException>(fun () -> Detector.Load(scratch.File "x.safetensors") |> ignore)
              Expect.stringContains error.Message "x.safetensors" "message of error"
          }
          test "a method that sees the middle of an oblong image has the lowest score elsewhere" {
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
              Expect.equal (whole.Width, whole.Height) (128, 64) "whole width height"

              let expected =
                  [| for y in 0..63 do
                         for x in 0..127 -> if x < 32 || x >= 96 then Array.min part.Values else part.Values[y * 64 + x - 32] |]

              for expected, found in Array.zip expected whole.Values do
                  Expect.floatClose (within 1e-4) (float found) (float expected) "found"

              Expect.floatClose (within 1e-4) predictions[0].Score predictions[1].Score "score of predictions 0"
          } ]
