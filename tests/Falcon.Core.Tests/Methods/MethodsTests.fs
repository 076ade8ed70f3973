/// What holds for every method.
module Falcon.Core.Tests.Methods.MethodsTests

open System
open System.IO
open System.Reflection
open System.Text.Json
open System.Text.Json.Serialization
open System.Threading
open Xunit
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training
open Falcon.Weights

/// Every method, small enough for a test, some with other options than the defaults.
let private all: (string * MethodOptions) list =
    [ "FALCON", FalconOptions(InputSize = 64, Epochs = 2)
      "STPM", StpmOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "STPM, repo",
      StpmOptions.Repo.With(InputSize = 64, Epochs = 2, BatchSize = 2, Layers = PyramidLayers.Layer4, FreezeBatchNormAfterFirstEpoch = true)
      "Reverse distillation", ReverseDistillationOptions(InputSize = 64, Epochs = 2, BatchSize = 2, Backbone = "resnet18")
      "Reverse distillation, repo",
      ReverseDistillationOptions.Repo.With(InputSize = 64, Epochs = 2, BatchSize = 2, Map = ReverseDistillationMap.CosineProduct)
      "DBFAD", DbfadOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "DBFAD, repo",
      DbfadOptions.Repo.With(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Backbone = "resnet18",
          DomainGeneralisation = true,
          PredictiveWeight = 0.1,
          EqualLayers = true,
          GateAxis = GateAxis.Positions
      )
      "EfficientAD", EfficientAdOptions(Steps = 3L, QuantileSample = 500, DropDeadChannels = true)
      "EfficientAD, student alone", EfficientAdOptions.Lite.With(InputSize = 64, Epochs = 2, BatchSize = 2)
      "MixedTeacher", MixedTeacherOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "MixedTeacher, repo", MixedTeacherOptions.Repo.With(InputSize = 64, Epochs = 2, BatchSize = 2, PretrainedStudents = true)
      "PaDiM", PadimOptions(InputSize = 64, Channels = 20)
      "Remembering normality", RememberingNormalityOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "SingleNet", SingleNetOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
      "Remembering normality, backward",
      RememberingNormalityOptions.Repo.With(
          InputSize = 64,
          Epochs = 2,
          BatchSize = 2,
          Direction = MemoryDirection.Backward,
          FixedMemory = true,
          ExemplarsByKeys = true,
          SquaredOrthogonality = true
      )
      "PatchCore", PatchCoreOptions(InputSize = 64) ]

let variants = TheoryData<string>(List.map fst all)
let private options variant = List.find (fst >> (=) variant) all |> snd

let private images (scratch: Scratch.Folder) count =
    [| for i in 1..count do
           let name = $"{i}.png"

           let disc p =
               let y, x = p / 48 - 24, p % 48 - 24 in if y * y + x * x < 300 then 200 - i else 40 + (p * (12 + i) % 9)

           ImageFile.WritePng(scratch.File name, RasterImage(48, 48, 3, Array.init (3 * 48 * 48) (fun k -> byte (disc (k / 3)))))
           ImageItem(scratch.File name, name, "good", false) |]

let private teacher (options: MethodOptions) = Teacher.Random(Seq.head options.Teachers, MasterSeed 1L, options.DeepestTap)

/// Enough to hold one out; two where a step at the smallest possible size takes seconds.
let private count (options: MethodOptions) =
    match options with
    | :? EfficientAdOptions as full when not full.StudentOnly -> 2
    | _ -> 5

let private registered =
    [ for attribute in typeof<MethodOptions>.GetCustomAttributes<JsonDerivedTypeAttribute>() do
          attribute.DerivedType, Activator.CreateInstance attribute.DerivedType |> nonNull :?> MethodOptions ]

let private train options teacher images checkpoint progress cancellation =
    Detector.Train(
        options,
        teacher,
        images,
        MasterSeed 7L,
        DetectorSource("made up", "disc", "all"),
        null,
        checkpoint,
        progress,
        cancellation
    )

let private scores (detector: Detector) images = [ for p in detector.Predict images -> p.Score, List.ofArray p.Map.Values ]

[<Fact>]
let ``every registered method is tested here and has a section in docs/methods.md`` () =
    let tested = all |> List.map (fun (_, options) -> options.GetType().Name) |> List.distinct
    Assert.Equal<string list>(registered |> List.map (fun (kind, _) -> kind.Name) |> List.sort, List.sort tested)

    let page = File.ReadAllLines(Path.Combine(Option.get Fixtures.repositoryRoot, "docs", "methods.md"))
    Assert.All(registered, fun (_, options) -> Assert.Contains($"## {options.DisplayName}", page))

[<Fact>]
let ``every method's defaults are possible, and impossible values are reported with the option's name`` () =
    Assert.All(registered, fun (_, options) -> Assert.Empty(options.Check()))

[<Theory; MemberData(nameof variants)>]
let ``options survive JSON as the method they are`` (variant: string) =
    let options = options variant
    Assert.Equal(options, JsonSerializer.Deserialize<MethodOptions>(JsonSerializer.Serialize options))

[<Theory; MemberData(nameof variants)>]
let ``an interrupted training ends with the bits of one that was not, and the saved detector predicts the same`` (variant: string) =
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

    if options.TakesSteps then
        Assert.Throws<OperationCanceledException>(fun () ->
            train options teacher images (checkpoint ()) cancelling cancellation.Token |> ignore)
        |> ignore

    use resumed = train options teacher images (checkpoint ()) null CancellationToken.None
    let expected = scores straight images
    Assert.Equal<(float * float32 list) list>(expected, scores resumed images)
    Assert.All(expected, fun (score, _) -> Assert.True(Double.IsFinite score))
    straight.Save(scratch.File "model.safetensors")
    use loaded = Detector.Load(scratch.File "model.safetensors")
    Assert.Equal<(float * float32 list) list>(expected, scores loaded images)

[<Theory>]
[<InlineData "FALCON">]
[<InlineData "Reverse distillation">]
[<InlineData "DBFAD, repo">]
[<InlineData "MixedTeacher">]
[<InlineData "EfficientAD">]
let ``weights in files of their own make the detector that they were taken from`` (variant: string) =
    let options = options variant
    use scratch = new Scratch.Folder()
    let images = images scratch (count options)
    use teacher = teacher options
    use trained = train options teacher images null null CancellationToken.None

    let files =
        [| for struct (prefix, part) in trained.Network.Parts do
               if prefix <> "statistics" then
                   let path = scratch.File $"{prefix}.safetensors"
                   SafetensorsWriter.Write(path, StateDict.Tensors(part, "model."))
                   path |]

    use adopted = Detector.Adopt(options, teacher, files, images, MasterSeed 7L, DetectorSource("made up", "disc", "all"))
    Assert.Equal<(float * float32 list) list>(scores trained images, scores adopted images)
    Assert.Equal(trained.Card.Threshold, adopted.Card.Threshold)

[<Theory; MemberData(nameof variants)>]
let ``one image is enough`` (variant: string) =
    let options = options variant
    use scratch = new Scratch.Folder()
    let images = images scratch 1
    use teacher = teacher options
    use detector = train options teacher images null null CancellationToken.None
    Assert.All(scores detector images, fun (score, _) -> Assert.True(Double.IsFinite score))
