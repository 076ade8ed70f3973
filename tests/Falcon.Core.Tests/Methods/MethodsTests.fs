/// What holds for every method.
module Falcon.Core.Tests.Methods.MethodsTests

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Training
open Falcon.Weights
open TorchSharp

/// Variants of methods, small enough for a test, some with other options than the defaults.
let private variantsOfMethods: (string * MethodOptions) list =
    [ "AAND",
      AandOptions(InputSize = 64, Epochs = 2, AmplificationEpochs = 2, BatchSize = 4, AmplificationBatchSize = 4, Backbone = "compact")
      "AAND, other choices",
      AandOptions(
          InputSize = 64,
          Epochs = 2,
          AmplificationEpochs = 1,
          BatchSize = 4,
          AmplificationBatchSize = 4,
          Backbone = "compact",
          Foreground = ForegroundShape.Disc,
          Margin = AmplificationMargin.Multiply,
          AmplifiesBy = AmplificationGate.Predicted,
          HardShare = 0.1
      )
      "AAND, transformer",
      AandOptions(
          InputSize = 64,
          Epochs = 2,
          AmplificationEpochs = 1,
          BatchSize = 4,
          AmplificationBatchSize = 4,
          Backbone = "clip_vit_p16_w32_h2_d6_g4_o8",
          Statistics = PixelStatistics.Clip
      )
      "AAND amplification",
      AandAmplificationOptions(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 4,
          Backbone = "compact",
          Foreground = ForegroundShape.Above,
          ForegroundLevel = 60.0
      )
      "FALCON", FalconOptions(InputSize = 64, Epochs = 2)
      "STPM", StpmOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "STPM, repo",
      StpmOptions(
          StpmOptions.DistillationAdRecipe,
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Layers = PyramidLayers.Layer4,
          FreezeBatchNormAfterFirstEpoch = true
      )
      "Reverse distillation", ReverseDistillationOptions(InputSize = 64, Epochs = 2, BatchSize = 2, Backbone = "resnet18")
      "Reverse distillation, repo",
      ReverseDistillationOptions(
          ReverseDistillationOptions.DistillationAdRecipe,
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Map = ReverseDistillationMap.CosineProduct
      )
      "RD++", ReverseDistillationPlusOptions(InputSize = 64, Epochs = 2, BatchSize = 2, Backbone = "resnet18")
      "RD++, other choices",
      ReverseDistillationPlusOptions(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "resnet18",
          OptimalTransport = OptimalTransport.Pairwise,
          BatchCounting = BatchCounting.PerEpoch,
          Accumulation = 1,
          NoiseField = NoiseField.Image,
          ValidationShare = 0.2,
          Schedule = RateSchedule.OneCycle,
          Checkpoint = CheckpointRule.BestOnNormalValidation()
      )
      "RD++, whole batches transported",
      ReverseDistillationPlusOptions(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "resnet18",
          OptimalTransport = OptimalTransport.Batch,
          BatchCounting = BatchCounting.AcrossEpochs,
          Accumulation = 4
      )
      "DBFAD", DbfadOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "DBFAD, repo",
      DbfadOptions(
          DbfadOptions.DistillationAdRecipe,
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "resnet18",
          DomainGeneralisation = true,
          PredictiveWeight = 0.1,
          EqualLayers = true,
          GateAxis = GateAxis.Positions
      )
      "EfficientAD", EfficientAdOptions(Steps = 2L, QuantileSample = 500, DropDeadChannels = true)
      "EfficientAD, student alone", EfficientAdOptions(EfficientAdOptions.Lite, InputSize = 64, Epochs = 2, BatchSize = 2)
      "MixedTeacher", MixedTeacherOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "MixedTeacher, repo",
      MixedTeacherOptions(MixedTeacherOptions.DistillationAdRecipe, InputSize = 64, Epochs = 2, BatchSize = 2, PretrainedStudents = true)
      "MRKD",
      MrkdOptions(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "resnet18",
          Background = 40.0,
          Blending = PatchBlending.Poisson,
          TestMasks = 2
      )
      "MRKD, CutPaste",
      MrkdOptions(InputSize = 64, Epochs = 2, BatchSize = 2, Backbone = "compact", ImageMasking = ImageMasking.CutPaste, TestMasks = 0)
      "PCSNet",
      PcsNetOptions(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "resnet18",
          Grid = 8,
          Neighbours = 16,
          SegmentationChannels = 16,
          Bins = PyramidBins(6, 4, 3, 2),
          PrototypeEpochs = 1
      )
      "PCSNet, rotating",
      PcsNetOptions(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "compact",
          Rotating = true,
          Grid = 8,
          SegmentationChannels = 16,
          Bins = PyramidBins(6, 4, 3, 2),
          AnomalyNeighbours = AnomalyNeighbours.Columns,
          Background = 40.0
      )
      "FDSL",
      FdslOptions(
          Backbone = "clip_vit_p16_w16_h2_d4_g4_o8_gelu",
          InputSize = 64,
          WindowPatches = 2,
          ImageIndex = true,
          MapSide = 32,
          HeadEpochs = 2,
          HeadBatchSize = 2,
          HeadNormals = 2
      )
      "FDSL, the whole image alone",
      FdslOptions(
          Backbone = "clip_vit_p16_w16_h2_d4_g4_o8",
          InputSize = 64,
          Windows = LocalWindowUse.None,
          HalfMemory = true,
          NeighbourAggregation = false,
          HeadEpochs = 1,
          Augmentation = DefectAugmentation.Crop
      )
      "PaDiM", PadimOptions(InputSize = 64, Channels = 20)
      "Remembering normality", RememberingNormalityOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "SingleNet", SingleNetOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "Remembering normality, backward",
      RememberingNormalityOptions(
          RememberingNormalityOptions.DistillationAdRecipe,
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Direction = MemoryDirection.Backward,
          FixedMemory = true,
          ExemplarsByKeys = true,
          SquaredOrthogonality = true
      )
      "PatchCore", PatchCoreOptions(InputSize = 64)
      "PatchCore on a vision transformer", PatchCoreOptions(Backbone = "clip_vit_p14_w24_h3_d3_g5_o8", InputSize = 56)
      "AnomalyDINO", AnomalyDinoOptions(Backbone = "dinov2_vit_p14_w24_h3_d3_g5", InputSize = 56, Rotations = 2)
      "AnomalyDINO, masked",
      AnomalyDinoOptions(Backbone = "dinov2_vit_p14_w24_h3_d3_g5_r2", InputSize = 70, Rotations = 1, Masking = true, Neighbours = 3) ]

/// A method's published settings at the smallest input and the fewest steps that it allows.
let private small (options: MethodOptions) =
    let set (size: int) =
        let json = MethodJson.WriteAll options

        for name, value in [ "inputSize", size; "batchSize", 2; "epochs", 2; "steps", 3 ] do
            match json[name] with
            | null -> ()
            | _ when options.Epochs = 0 && name = "epochs" -> ()
            | _ -> json[name] <- JsonValue.Create value

        MethodJson.Read(json, options.GetType())

    [ 64..32..512 ] |> List.map set |> List.find (fun options -> Seq.isEmpty (options.Check()))

/// The same for an input that is wider than high.
let private oblong (options: MethodOptions) =
    let size = options.Preprocessing

    [ size.Width + 32; size.Width + 64; size.Width + 14 ]
    |> List.map (fun width ->
        let json = MethodJson.WriteAll options
        json["inputSize"] <- JsonValue.Create $"{width}x{size.Height}"
        MethodJson.Read(json, options.GetType()))
    |> List.find (fun options -> Seq.isEmpty (options.Check()))

/// The same for photos in tiles, where that is possible.
let private tiled (options: MethodOptions) =
    let json = MethodJson.WriteAll options

    let changes: (string * (JsonNode | null)) list =
        [ "tiling", JsonValue.Create "8@0.5"
          "shorterSide", null
          "masking", JsonValue.Create false
          "foreground", JsonValue.Create "above" ]

    for name, value in changes do
        if json.ContainsKey name then json[name] <- value

    MethodJson.Read(json, options.GetType())

/// Every method of the catalogue: whoever adds one has it tested here.
let internal all: (string * MethodOptions) list =
    let known = variantsOfMethods |> List.map (fun (_, options) -> options.Name)

    variantsOfMethods
    @ [ for options in MethodCatalog.All do
            if not (List.contains options.Name known || options.LearnsFromDefects) then
                options.DisplayName, small options ]

let internal variants = List.map fst all

/// Its smallest images take seconds each; its student alone does not.
let private withoutEfficientAd = List.except [ "EfficientAD" ] variants

let internal options variant = List.find (fst >> (=) variant) all |> snd

let private images (scratch: Scratch.Folder) count =
    [| for i in 1..count do
           let name = $"{i}.png"

           let disc p =
               let y, x = p / 48 - 24, p % 48 - 24 in if y * y + x * x < 300 then 200 - i else 40 + (p * (12 + i) % 9)

           ImageFile.WritePng(scratch.File name, RasterImage(48, 48, 3, Array.init (3 * 48 * 48) (fun k -> byte (disc (k / 3)))))
           ImageItem(scratch.File name, name, "good", false) |]

let internal teacher (options: MethodOptions) = Teacher.Random(Seq.head options.Teachers, MasterSeed 1L, options.DeepestTap)

/// Enough to hold one out; two where a step at the smallest possible size takes seconds.
let private count (options: MethodOptions) =
    match options with
    | :? EfficientAdOptions as full when not full.StudentOnly -> 2
    | _ -> 5


/// What a method builds on that learns from defects: of these images one is normal, the others have a mask that shows all of them.
let internal onDefects (options: MethodOptions) teacher (images: ImageItem array) : Detector | null =
    match options.Foundation with
    | null -> null
    | first when not first.LearnsFromDefects -> null
    | first ->
        let defective = [| for image in images -> ImageItem(image.Path, image.RelativeName, "hole", true, image.Path) |]
        let category = Category("made up", "disc", nonNull (Path.GetDirectoryName images[0].Path), images, defective)

        Detector.TrainOnDefects(
            first,
            teacher,
            AuxiliarySet.Of("made up", [| category |], first.AuxiliaryNormals, MasterSeed 7L),
            MasterSeed 7L
        )

let private source = DetectorSource("made up", "disc", "all")

let private train options teacher images checkpoint progress cancellation =
    use foundation = onDefects options teacher images

    Detector.Train(options, teacher, images, MasterSeed 7L, source, null, checkpoint, progress, cancellation, foundation)

/// Of the first image: each is scored as if it were alone.
let private scores (detector: Detector) images =
    [ for p in detector.Predict(Array.truncate 1 images) -> p.Score, List.ofArray p.Map.Values ]

/// The trained weights, a file for each part.
let private parts (scratch: Scratch.Folder) (detector: Detector) =
    [| for struct (prefix, part) in detector.Network.Parts do
           if prefix <> "statistics" then
               let path = scratch.File $"{prefix}.safetensors"
               SafetensorsWriter.Write(path, StateDict.Tensors(part, "model."))
               path |]

/// One of each shape of network.
let private adopting =
    [ "AAND"; "FALCON"; "Reverse distillation"; "RD++"; "DBFAD, repo"; "MixedTeacher"; "EfficientAD"; "FDSL" ]

[<Tests>]
let tests =
    testList
        "Every method"
        [ test "every method's defaults are possible, and impossible values are reported with the option's name" {
              for options in MethodCatalog.All do
                  Expect.isEmpty (options.Check()) "check of options"
          }
          testTheory "options survive JSON as the method they are" variants (fun (variant: string) ->
              let options = options variant
              Expect.equal (JsonSerializer.Deserialize<MethodOptions>(JsonSerializer.Serialize options)) options "value from JSON options")
          testTheory
              "an interrupted training ends with the bits of one that was not; the saved detector, and one of the weights alone, predict the same"
              variants
              (fun (variant: string) ->
                  let options = options variant
                  use scratch = new Scratch.Folder()
                  let images = images scratch (count options)
                  use teacher = teacher options
                  use straight = train options teacher images null null CancellationToken.None

                  let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)
                  use cancellation = new CancellationTokenSource()

                  let cancelling =
                      { new IProgress<TrainingProgress> with
                          member _.Report progress = if progress.Epoch = 1 then cancellation.Cancel() }

                  if options.Plan.TakesSteps then
                      Expect.throwsT<OperationCanceledException>
                          (fun () -> train options teacher images (checkpoint ()) cancelling cancellation.Token |> ignore)
                          "train options teacher is cancelled"

                  use resumed = train options teacher images (checkpoint ()) null CancellationToken.None
                  let expected = scores straight images
                  Expect.equal (scores resumed images) expected "scores resumed images"

                  for score, _ in expected do
                      Expect.isTrue (Double.IsFinite score) "finite score"

                  straight.Save(scratch.File "model.safetensors")
                  use loaded = Detector.Load(scratch.File "model.safetensors")
                  Expect.equal (scores loaded images) expected "scores loaded images"

                  if List.contains variant adopting then
                      use adopted = Detector.Adopt(options, teacher, parts scratch straight, images, MasterSeed 7L, source)
                      Expect.equal (scores adopted images) expected "scores adopted images"
                      Expect.equal adopted.Card.Threshold straight.Card.Threshold "threshold of adopted card")
          testTheory "one image is enough, also for an oblong input, whose map is as oblong" withoutEfficientAd (fun (variant: string) ->
              let options = oblong (options variant)
              use scratch = new Scratch.Folder()
              let images = images scratch 1
              use teacher = teacher options
              use detector = train options teacher images null null CancellationToken.None

              let prediction = Seq.exactlyOne (detector.Predict images)
              Expect.isTrue (Double.IsFinite prediction.Score) "finite score"
              use pixels = torch.zeros (1L, 3L, int64 options.Preprocessing.Height, int64 options.Preprocessing.Width)
              use map = detector.Network.Map pixels
              Expect.isGreaterThan map.shape[2] map.shape[1] "columns and rows of the map")
          testTheory
              "photos in tiles are learnt and judged, and their maps have the size of the scaled photo"
              withoutEfficientAd
              (fun (variant: string) ->
                  let options = tiled (options variant)
                  Expect.isEmpty (options.Check()) "check of options"
                  use scratch = new Scratch.Folder()
                  let width, height = options.Preprocessing.Width + 20, options.Preprocessing.Height

                  let images =
                      [| for image in images scratch 2 do
                             let large = (ImageFile.ReadRgb image.Path).Resize(2 * width, 2 * height, ResizeFilter.Bilinear)
                             ImageFile.WritePng(image.Path, large)
                             image |]

                  use teacher = teacher options
                  use detector = train options teacher images null null CancellationToken.None

                  for prediction in detector.Predict images do
                      Expect.equal (prediction.Map.Width, prediction.Map.Height) (width, height) "size of the map"
                      Expect.isTrue (Double.IsFinite prediction.Score && Array.forall Single.IsFinite prediction.Map.Values) "finite") ]
