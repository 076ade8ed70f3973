/// What AAND's fixtures do not pin.
module Falcon.Core.Tests.Methods.AandTests

open System
open System.Threading
open Expecto
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests
open Falcon.Training
open Falcon.Weights
open TorchSharp

let private side = 64

let private small =
    AandOptions(
        InputSize = side,
        Backbone = "compact",
        Epochs = 2,
        AmplificationEpochs = 1,
        BatchSize = 2,
        AmplificationBatchSize = 2,
        AmplificationLearningRate = 1e-3
    )

let private first (options: AandOptions) = options.Foundation :?> AandAmplificationOptions
let private compact () = Teacher.Random("compact", MasterSeed 1L)
let private same (a: torch.Tensor) (b: torch.Tensor) = not (a.ne(b).any().ToBoolean())

let private uniform (shape: int64 list) =
    use generator = new torch.Generator(5UL)
    torch.rand (Array.ofList shape, torch.float64, generator = generator)

/// Rows of numbers.
let private rows (tensor: torch.Tensor) = tensor.data<float>().ToArray() |> Array.chunkBySize (int tensor.shape[tensor.shape.Length - 1])

let private cosine (a: float array) (b: float array) =
    let norm (v: float array) = sqrt (Array.sumBy (fun x -> x * x) v)
    Array.sum (Array.map2 (*) a b) / max (norm a * norm b) 1e-8

/// Images of a plain ramp with grain, as the first stage reads them.
let private images (options: AandAmplificationOptions) teacher count =
    let pixels =
        (uniform [ int64 count; 3L; int64 side; int64 side ] * torch.tensor (4.0) - torch.tensor (2.0)).``to`` torch.float32

    TrainingImages.Of(options.TrainingNeeds, teacher, pixels, [| for i in 1..count -> $"{i}" |])

let private pixel (images: TrainingImages) (index: int64) = let pixels = nonNull images.Pixels in pixels[index]

let private draw (options: AandAmplificationOptions) images index (seed: int) =
    DefectSynthesis(options, images).Draw(index, MasterSeed(int64 seed).Stream "test")

/// The pixels of an image that differ from another one, (H, W).
let private changed (a: torch.Tensor) (b: torch.Tensor) = a.ne(b).any 0L

let private gray width height (level: int -> int -> int) =
    RasterImage(width, height, 3, Array.init (3 * width * height) (fun i -> byte (level (i / 3 % width) (i / 3 / width))))

let private mask shape level (image: RasterImage) =
    (ForegroundPreparation(shape, level, Preprocessing(image.Width, image.Height))).Mask image

let private colourful = RasterImage(24, 16, 3, Array.init (3 * 24 * 16) (fun i -> byte (i * 37 % 251)))

/// One step on a sample with a given mask; gives the losses and the gradients.
let private stepWith (options: AandAmplificationOptions) (defect: torch.Tensor) (foreground: torch.Tensor) =
    use teacher = compact ()
    use network = options.CreateNetwork(teacher, MasterSeed 3L) :?> AandAmplificationNetwork
    let taps = options.ScoringNeeds.Taps
    let count = defect.shape[0]
    let levels = teacher.Features((uniform [ count; 3L; int64 side; int64 side ]).``to`` torch.float32, taps)

    let draws =
        { new IAmplificationDraws with
            member _.Draw(_, _) = AmplificationSample.Of(levels, defect, foreground)
            member _.Choose(_, _, positions, _) = positions }

    use run = new AandAmplificationTraining(options, network, draws)
    let losses = run.Step(TrainingMoment(0, 1, 0, 1), ReadOnlySpan<int>.Empty, StepClock())

    dict [ for struct (name, value) in losses -> name, value ],
    [ for struct (name, parameter) in network.Amplification.named_parameters () -> name, parameter.isfinite().all().ToBoolean() ]

let private writePictures (folder: Scratch.Folder) count =
    [| for i in 1..count do
           let name = $"{i}.png"
           ImageFile.WritePng(folder.File name, gray 48 48 (fun x y -> 40 + (x * (3 + i) + y * 5) % 160))
           ImageItem(folder.File name, name, "good", false) |]

[<Tests>]
let tests =
    testList
        "AAND"
        [ test "the focal loss is that of its definition" {
              use _ = torch.NewDisposeScope()
              let gate = uniform [ 2L; 3L; 4L ] * torch.tensor (0.9) + torch.tensor 0.05
              let defect = (uniform [ 2L; 1L; 3L; 4L ]).gt(torch.tensor (0.6)).``to`` torch.float64

              let expected =
                  Array.map2
                      (fun w m -> if m = 1.0 then -0.8 * (1.0 - w) ** 2.0 * log w else -0.2 * w ** 2.0 * log (1.0 - w))
                      (gate.data<float>().ToArray())
                      (defect.data<float>().ToArray())
                  |> Array.average

              Expect.floatClose (within 1e-12) (AmplificationLosses.Focal(gate, defect).ToDouble()) expected "focal loss"
          }
          test "the amplification loss compares every pair" {
              use _ = torch.NewDisposeScope()
              let normal, abnormal = uniform [ 4L; 6L ] - torch.tensor (0.5), uniform [ 3L; 6L ] - torch.tensor 0.2
              let amplified = abnormal * uniform [ 3L; 6L ]

              for margin, allowed in [ AmplificationMargin.Subtract, (fun s -> s - 0.3); AmplificationMargin.Multiply, (fun s -> 0.3 * s) ] do
                  let expected =
                      Array.average
                          [| for n in rows normal do
                                 for a, moved in Array.zip (rows abnormal) (rows amplified) ->
                                     max 0.0 (cosine n moved - allowed (cosine n a)) |]

                  let loss = AmplificationLosses.Amplification(normal, abnormal, amplified, margin)
                  Expect.floatClose (within 1e-12) (loss.ToDouble()) expected $"{margin}"
          }
          test "the gate is the share of abnormal items among those that resemble a feature, and a zero feature stays zero" {
              use _ = torch.NewDisposeScope()
              use _ = torch.no_grad ()
              let level = new ResidualAmplification(8)
              level.Draw(MasterSeed 2L, "test")
              level.``to`` torch.float64 |> ignore
              let features = uniform [ 1L; 8L; 2L; 3L ]
              features.narrow(3, 0L, 1L).zero_() |> ignore
              let gate = level.Gate features
              let state = level.state_dict ()

              let query =
                  (features + PositionCode.Like features, [ "0.0"; "0.2"; "0.4" ])
                  ||> List.fold (fun x name ->
                      let x = if name = "0.0" then x else x.relu ()
                      torch.nn.functional.conv2d (x, state[$"projs.{name}.weight"], state[$"projs.{name}.bias"]))

              let expected =
                  [| for q in rows (query.permute(0L, 2L, 3L, 1L).contiguous()) do
                         let weights = [| for item in rows state["K_list.0"] -> exp (cosine q item / 0.2) |]
                         Array.sum weights[50..] / Array.sum weights |]

              for actual, expected in Array.zip (gate.contiguous().data<float>().ToArray()) expected do
                  Expect.floatClose (within 1e-10) actual expected "gate"

              let advanced = level.call features
              Expect.isTrue (advanced.isfinite().all().ToBoolean()) "finite"
              Expect.equal (advanced.narrow(3, 0L, 1L).abs().max().ToDouble()) 0.0 "a zero vector"

              for parameter in level.parameters () do
                  parameter.zero_ () |> ignore

              let codeless = level.Gate(features.zero_ ())
              Expect.isTrue (codeless.isfinite().all().ToBoolean()) "a zero query and zero items"
          }
          test "hard positions are those restored worst, all of them where there are few, or a share" {
              use _ = torch.NewDisposeScope()
              let target, restored = uniform [ 2L; 5L; 6L; 7L ], (uniform [ 2L; 5L; 6L; 7L ]).square()
              use teacher = compact ()
              use network = small.CreateNetwork(teacher, MasterSeed 3L) :?> AandNetwork
              use empty = new TrainingImages(null, new TeacherFeatures([||], []), [||], [||])

              let hard (options: AandOptions) (rows: int64) =
                  use run = new AandTraining(options, network, empty)
                  run.Hard(target.narrow (2, 0L, rows), restored.narrow (2, 0L, rows)).ToDouble()

              let expected count (rows: int64) =
                  let vectors (x: torch.Tensor) (image: int64) =
                      (x[image].narrow(1, 0L, rows).permute(1L, 2L, 0L).contiguous()).reshape(-1L, 5L)

                  Array.average
                      [| for image in 0L .. 1L do
                             let a: torch.Tensor = vectors target image
                             let b: torch.Tensor = vectors restored image

                             yield!
                                 Array.map2
                                     (fun a b -> 1.0 - cosine a b)
                                     (Array.chunkBySize 5 (a.data<float>().ToArray()))
                                     (Array.chunkBySize 5 (b.data<float>().ToArray()))
                                 |> Array.sortDescending
                                 |> Array.truncate count |]

              Expect.floatClose (within 1e-12) (hard small 6L) (expected 10 6L) "ten of 42"
              Expect.floatClose (within 1e-12) (hard small 1L) (expected 7 1L) "seven of seven"
              Expect.floatClose (within 1e-12) (hard (AandOptions(small, HardShare = 0.1)) 6L) (expected 4 6L) "a tenth of 42"
              Expect.floatClose (within 1e-12) (hard (AandOptions(small, HardShare = 0.01)) 1L) (expected 1 1L) "at least one"
          }
          test "without a defect the loss is the focal one alone, and where a defect covers the foreground nothing becomes NaN" {
              use _ = torch.NewDisposeScope()
              let none, all = torch.zeros (1L, 1L, int64 side, int64 side), torch.ones (1L, 1L, int64 side, int64 side)

              for name, defect, foreground in [ "no defect", none, all; "nothing but a defect", all, all; "no foreground", none, none ] do
                  let losses, finite = stepWith (first small) defect foreground
                  Expect.equal losses["amplification"] 0.0 name
                  Expect.equal losses["loss"] losses["focal"] name
                  Expect.isTrue (Double.IsFinite losses["loss"]) name
                  Expect.isEmpty (List.filter (snd >> not) finite) name
          }
          test "features of a defect may be moved as far as they are taken for abnormal" {
              use _ = torch.NewDisposeScope()
              let foreground = torch.ones (2L, 1L, int64 side, int64 side)
              let defect = torch.zeros_like foreground
              defect.narrow(2, 8L, 32L).narrow(3, 16L, 40L).fill_(Scalar.op_Implicit 1.0f) |> ignore

              let loss (gate: AmplificationGate) =
                  (fst (stepWith (first (AandOptions(small, AmplifiesBy = gate))) defect foreground))["amplification"]

              let all, predicted = loss AmplificationGate.Mask, loss AmplificationGate.Predicted
              Expect.isGreaterThan all 0.0 "all the way"
              Expect.isGreaterThan (abs (all - predicted)) 1e-6 "another loss"
          }
          test "a defect changes the image where its mask is, within the foreground, and nothing else" {
              use _ = torch.NewDisposeScope()
              use teacher = compact ()
              let options = first (AandOptions(small, Foreground = ForegroundShape.Disc))
              use images = images options teacher 2
              let foreground = DefectSynthesis(options, images).Foreground 0
              let drawn = [ for seed in 1..40 -> draw options images 0 seed ]

              for sample in drawn do
                  let outside = sample.Mask.eq (torch.tensor 0.0f)
                  Expect.isFalse (outside.logical_and(changed sample.Image (pixel images 0L)).any().ToBoolean()) "outside of the mask"
                  Expect.isTrue (same sample.Mask (sample.Mask * foreground)) "within the foreground"

              let clean = drawn |> List.filter (fun sample -> sample.Mask.sum().ToDouble() = 0.0)
              Expect.isBetween clean.Length 1 20 "clean samples of 40"
              Expect.isTrue (clean |> List.forall (fun sample -> same sample.Image (pixel images 0L))) "clean samples"
          }
          test "a defect follows from seed, image and step, whatever else is in the batch; one image alone is its own texture" {
              use _ = torch.NewDisposeScope()
              use teacher = compact ()
              let options = first small
              use images = images options teacher 2
              let draws = AmplificationDraws(options, teacher, images, MasterSeed 4L)

              let sample (step: int) (batch: int array) = draws.Draw(TrainingMoment(0, 9, step, 9), ReadOnlySpan batch).Levels[0]

              let one = sample 3 [| 0; 1 |]
              Expect.isTrue (torch.allclose (one[0], (sample 3 [| 1; 0 |])[1], 1e-4, 1e-4)) "in another order"
              Expect.isFalse (torch.allclose (one, sample 4 [| 0; 1 |], 1e-4, 1e-4)) "another step"

              use alone = TrainingImages.Of(options.TrainingNeeds, teacher, (nonNull images.Pixels).narrow(0, 0L, 1L).clone(), [ "1" ])
              let drawn = [ for seed in 1..10 -> draw options alone 0 seed ]
              Expect.isTrue (drawn |> List.forall (fun sample -> sample.Image.isfinite().all().ToBoolean())) "one image alone"
          }
          test "textures come from a folder, in either order of channels" {
              use _ = torch.NewDisposeScope()
              use folder = new Scratch.Folder()

              ImageFile.WritePng(
                  folder.File "red.png",
                  RasterImage(20, 30, 3, Array.init 1800 (fun i -> if i % 3 = 0 then 200uy else 20uy))
              )

              use teacher = compact ()
              let options bgr = first (AandOptions(small, Textures = folder.File "", TexturesInBgr = bgr))
              use images = images (options false) teacher 1
              let texture bgr (seed: int) = DefectTextures(options bgr, images).Draw(0, MasterSeed(int64 seed).Stream "test")
              let red (image: RasterImage) = image.Pixels |> Array.indexed |> Array.sumBy (fun (i, v) -> if i % 3 = 0 then int v else 0)
              let blue (image: RasterImage) = image.Pixels |> Array.indexed |> Array.sumBy (fun (i, v) -> if i % 3 = 2 then int v else 0)
              let seeds = [ 1..20 ]
              let more = [ for seed in seeds -> red (texture false seed) - blue (texture false seed) ]
              let less = [ for seed in seeds -> red (texture true seed) - blue (texture true seed) ]
              Expect.isGreaterThan (List.sum more) (List.sum less) "red where it is read as it is"
              Expect.equal (texture false 1).Width side "width of a texture"
              Expect.isNonEmpty (AandOptions().Warnings()) "without textures"
              Expect.isEmpty (AandOptions(Textures = folder.File "").Warnings()) "with textures"
          }
          testTheory "an operation gives an image of the same size and leaves its own alone" [ 0..9 ] (fun operation ->
              let before = Array.copy colourful.Pixels

              for seed in 1L .. 10L do
                  let result = TextureOperations.All[operation].Invoke(colourful, MasterSeed(seed).Stream "test")
                  Expect.equal (result.Width, result.Height, result.Channels) (24, 16, 3) "size"

              Expect.equal colourful.Pixels before "the image")
          test "histograms are stretched and made even as in their definition" {
              let ramp = RasterImage(16, 16, 3, Array.init 768 (fun i -> byte (50 + i / 3 / 2)))
              let stretched = Histogram.Stretched(ramp, 0).Pixels
              Expect.equal (Array.min stretched, Array.max stretched) (0uy, 255uy) "stretched"
              let cut = Histogram.Stretched(ramp, 20).Pixels

              Expect.isGreaterThan
                  (cut |> Array.filter ((=) 255uy) |> Array.length)
                  (stretched |> Array.filter ((=) 255uy) |> Array.length)
                  "cut off"

              let two = RasterImage(2, 512, 3, Array.init 3072 (fun i -> if i / 3 < 512 then 100uy else 110uy))
              Expect.equal (set (Histogram.Equalised(two).Pixels)) (set [ 0uy; 255uy ]) "two levels"
              let plain = gray 8 8 (fun _ _ -> 90)
              Expect.equal (Histogram.Equalised(plain).Pixels) plain.Pixels "a plain image"
              Expect.equal (Histogram.Stretched(plain, 5).Pixels) plain.Pixels "a plain image"
          }
          test "a turned field keeps its middle, and a turn by nothing changes nothing" {
              let field = Array.init (15 * 21) (fun i -> float32 (i % 21))
              Expect.equal (FieldTurning.Turn(field, 15, 21, 1, 0.0)) field "no turn"
              let quarter = FieldTurning.Turn(field, 15, 21, 1, 90.0)
              Expect.floatClose (within 1e-5) (float quarter[7 * 21 + 10]) 10.0 "the middle"
              Expect.floatClose (within 1e-5) (abs (float quarter[9 * 21 + 10] - 10.0)) 2.0 "two rows below"
              Expect.equal quarter[0] 0.0f "outside"
          }
          test "foregrounds are what their rules say, at the size of the file" {
              let bright = gray 120 90 (fun x _ -> if x >= 60 then 200 else 10)
              let above, below = mask ForegroundShape.Above 100.0 bright, mask ForegroundShape.AtMost 100.0 bright
              Expect.equal (above.Pixels[45 * 120 + 100], above.Pixels[45 * 120 + 20]) (1uy, 0uy) "above"
              Expect.equal (Array.map2 (+) above.Pixels below.Pixels |> set) (set [ 1uy ]) "one or the other"
              let at shape x y = (mask shape 0.0 bright).Pixels[y * 120 + x]

              Expect.equal
                  [ at ForegroundShape.Disc 60 45
                    at ForegroundShape.Disc 100 45
                    at ForegroundShape.Disc 60 5
                    at ForegroundShape.Disc 101 45
                    at ForegroundShape.Disc 60 4 ]
                  [ 1uy; 1uy; 1uy; 0uy; 0uy ]
                  "disc"

              Expect.equal
                  [ at ForegroundShape.Box 18 14; at ForegroundShape.Box 17 14; at ForegroundShape.Box 18 13 ]
                  [ 1uy; 0uy; 0uy ]
                  "box"

              Expect.isTrue ((mask ForegroundShape.Everything 0.0 bright).Pixels |> Array.forall ((=) 1uy)) "everything"

              let cropped = ForegroundPreparation(ForegroundShape.Above, 100.0, Preprocessing(32, 32, ResizeFilter.Bicubic, 40))
              let prepared = Seq.exactlyOne (cropped.Of(new TeacherFeatures([||], []), bright, 32, 32))
              Expect.equal (List.ofSeq prepared.Shape) [ 32L; 32L ] "shape of what is prepared"
              Expect.equal (prepared.Bytes.Span[16 * 32], prepared.Bytes.Span[16 * 32 + 31]) (0uy, 1uy) "left and right of a crop"
          }
          test "every published category has possible settings, an unknown one the defaults" {
              for category, shape, level in
                  [ "carpet", ForegroundShape.Above, 0.0
                    "screw", ForegroundShape.AtMost, 150.0
                    "metal_nut", ForegroundShape.Above, 50.0
                    "cable", ForegroundShape.Disc, 0.0
                    "macaroni2", ForegroundShape.Above, 150.0
                    "pcb4", ForegroundShape.Above, 50.0
                    "capsules", ForegroundShape.AtMost, 100.0
                    "tire", ForegroundShape.Box, 0.0
                    "rope", ForegroundShape.Above, 50.0 ] do
                  let options = AandOptions.ForCategory category
                  Expect.equal (options.Foreground, options.ForegroundLevel) (shape, level) category
                  Expect.isEmpty (options.Check()) category

              Expect.equal (AandOptions.ForCategory "flange") (AandOptions()) "an unknown category"
          }
          test
              "the second stage takes the first one's amplification over and leaves it as it is; changing the second alone changes nothing of the first" {
              use _ = torch.NewDisposeScope()
              use folder = new Scratch.Folder()
              let pictures = writePictures folder 3
              use teacher = compact ()
              let train (options: MethodOptions) = Detector.Train(options, teacher, pictures, MasterSeed 7L)
              use foundation = train small.Foundation
              use second = train small
              let state (detector: Detector) = (detector.Network.Parts |> Seq.head |> fun struct (_, part) -> part).state_dict()

              for learnt, kept in Seq.zip (state foundation) (state second) do
                  Expect.isTrue (same learnt.Value kept.Value) learnt.Key

              Expect.equal (AandOptions(small, LearningRate = 1e-3, HardPositions = 3).Foundation) small.Foundation "another second stage"
              Expect.notEqual (AandOptions(small, ForegroundLevel = 3.0).Foundation) small.Foundation "another first stage"
              Expect.isTrue small.RunsTeacher "the first stage runs the teacher on images of its own"
              use given = Detector.Train(small, teacher, pictures, MasterSeed 7L, foundation = foundation)
              let scores (detector: Detector) = [ for prediction in detector.Predict pictures -> prediction.Score ]
              Expect.equal (scores given) (scores second) "with a first stage that is there"
          }
          test "a second stage that is interrupted ends with the bits of one that was not" {
              use _ = torch.NewDisposeScope()
              use folder = new Scratch.Folder()
              let pictures = writePictures folder 3
              use teacher = compact ()

              let train (checkpoint: TrainingCheckpoint | null) progress cancellation =
                  Detector.Train(small, teacher, pictures, MasterSeed 7L, null, null, checkpoint, progress, cancellation)

              let checkpoint () = TrainingCheckpoint(folder.File "checkpoint", TimeSpan.FromHours 1.0)
              use cancellation = new CancellationTokenSource()

              let cancelling =
                  { new IProgress<TrainingProgress> with
                      member _.Report progress =
                          if progress.Epochs = small.Epochs && progress.Epoch = 1 then
                              cancellation.Cancel() }

              Expect.throwsT<OperationCanceledException>
                  (fun () -> train (checkpoint ()) cancelling cancellation.Token |> ignore)
                  "cancelled in the second stage"

              use straight = train null null CancellationToken.None
              use resumed = train (checkpoint ()) null CancellationToken.None
              let scores (detector: Detector) = [ for prediction in detector.Predict pictures -> prediction.Score ]
              Expect.equal (scores resumed) (scores straight) "scores"
          }
          test "the learning rate is a fifth after four fifths of the epochs, and a fifth of that after nine tenths" {
              use _ = torch.NewDisposeScope()
              use teacher = compact ()
              use network = small.CreateNetwork(teacher, MasterSeed 3L)
              let pixels = (uniform [ 2L; 3L; int64 side; int64 side ]).``to`` torch.float32
              use images = TrainingImages.Of(small.TrainingNeeds, teacher, pixels, [ "a"; "b" ])
              use run = network.StartTraining(images, MasterSeed 3L)

              let rate epoch =
                  let batch = [| 0; 1 |]
                  run.Step(TrainingMoment(epoch, 10, 0, 1), ReadOnlySpan batch, StepClock()) |> ignore
                  run.Optimisers[0].LearningRate

              for epoch, expected in [ 0, 5e-3; 7, 5e-3; 8, 1e-3; 9, 2e-4 ] do
                  Expect.floatClose (within 1e-12) (rate epoch) expected $"epoch {epoch}"
          }
          test "the authors' files hold teacher and amplification, and bottleneck and decoder" {
              use _ = torch.NewDisposeScope()
              use folder = new Scratch.Folder()
              use teacher = compact ()
              use trained = small.CreateNetwork(teacher, MasterSeed 2L)
              let parts = dict [ for struct (prefix, part) in trained.Parts -> prefix, part ]
              use resnet = new ResNet(BackboneCatalog.Find "compact", BackboneTap.Layer1)
              let memory = StateDict.Store("bn.memory0.weight", torch.ones 3L)

              let write name (tensors: StoredTensor seq) =
                  SafetensorsWriter.Write(folder.File name, Array.ofSeq tensors)
                  WeightFile.Open(folder.File name)

              use first =
                  write
                      "first.safetensors"
                      [ yield! StateDict.Tensors(resnet, "encoder_AT.")
                        yield! StateDict.Tensors(parts["amplification"], "encoder_AT.") ]

              use second =
                  write
                      "second.safetensors"
                      [ yield! StateDict.Tensors(parts["bn"], "bn.")
                        memory
                        yield! StateDict.Tensors(parts["student"], "decoder_ss.") ]

              use adopting = small.CreateNetwork(teacher, MasterSeed 3L)
              adopting.Adopt [| first; second |]

              for struct (_, one), struct (_, other) in Seq.zip trained.Parts adopting.Parts do
                  for a, b in Seq.zip (one.state_dict ()) (other.state_dict ()) do
                      Expect.isTrue (same a.Value b.Value) a.Key
          }
          test "impossible options are all reported at once, also those of the first stage" {
              let options =
                  AandOptions(
                      InputSize = 32,
                      Textures = "no such folder",
                      ForegroundLevel = 300.0,
                      AmplificationEpochs = 0,
                      AmplificationBatchSize = 0,
                      AmplificationLearningRate = 0.0,
                      HardPositions = 0,
                      HardShare = 1.5
                  )

              Expect.equal
                  [ for finding in options.Check() -> finding.Where.Split(' ') |> Array.last ]
                  [ "Textures"
                    "ForegroundLevel"
                    "InputSize"
                    "AmplificationEpochs"
                    "AmplificationBatchSize"
                    "AmplificationLearningRate"
                    "HardPositions"
                    "HardShare" ]
                  "findings"
          } ]
