/// What FDSL's fixtures do not pin.
module Falcon.Core.Tests.Methods.FdslTests

open System
open System.Collections.Generic
open System.IO
open System.Linq
open System.Threading
open Expecto
open Falcon
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

let private random (seed: int) (shape: int64[]) =
    use generator = new torch.Generator(uint64 (abs (int64 seed)))
    torch.rand (shape, generator = generator)

let private values (tensor: torch.Tensor) = tensor.contiguous().data<float32>().ToArray() |> Array.map float

let private scalar (tensor: torch.Tensor) = float (tensor.item<float32>())

/// Probabilities of two classes, (N, 2, H, W), and a mask.
let private drawn seed =
    let defect = random seed [| 2L; 5L; 7L |]
    let mask = (random (seed + 1) [| 2L; 5L; 7L |]).gt(0.7f.ToScalar()).``to``(torch.ScalarType.Float32)
    torch.stack ([| torch.ones_like defect - defect; defect |], 1L), mask

/// A category of a folder: so many good photos, as many with a bright square, with masks.
let private category (scratch: Scratch.Folder) name count =
    let folder = scratch.File name

    let write (relative: string) (image: RasterImage) =
        let path = Path.Combine(folder, relative)
        Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
        ImageFile.WritePng(path, image)
        path

    let photo seed isDefective =
        let stream = MasterSeed(int64 seed).Stream name
        let at = 2 * stream.NextInt(4, 18)
        let inside i = i / 64 >= at && i / 64 < at + 16 && i % 64 >= at && i % 64 < at + 16

        let pixel i = if isDefective && inside (i / 3) then 250uy else byte (60 + stream.NextInt(0, 40))

        RasterImage(64, 64, 3, Array.init (3 * 64 * 64) pixel),
        RasterImage(64, 64, 1, Array.init (64 * 64) (fun i -> if inside i then 255uy else 0uy))

    let good (part: string) =
        [| for i in 0 .. count - 1 do
               let relative = $"{part}/good/{i}.png"
               ImageItem(write relative (fst (photo (100 * part.Length + i) false)), relative, "good", false) |]

    let defective =
        [| for i in 0 .. count - 1 do
               let image, mask = photo (900 + i) true
               let relative = $"test/square/{i}.png"
               ImageItem(write relative image, relative, "square", true, write $"ground_truth/square/{i}_mask.png" mask) |]

    Category("drawn", name, folder, good "train", Array.append (good "test") defective)

/// Images whose pixels are read, and nothing else.
let private pixelsOf (set: AuxiliarySet) (side: int) =
    let preprocessing = Preprocessing(side, side)

    let read (items: IReadOnlyList<ImageItem>) (_: InputNeeds) =
        let pixels = [| for item in items -> preprocessing.Apply(ImageFile.ReadRgb item.Path) |]

        NetworkInput(
            (torch.tensor (Array.concat pixels)).reshape(int64 items.Count, 3L, int64 side, int64 side),
            new TeacherFeatures([||], [])
        )

    AuxiliaryImages(set, preprocessing, torch.CPU, read)

let private moment step = TrainingMoment(0, 1, step, 1000)

let private head () =
    let head = new FdslHead(4, 8)
    InitialWeights.PyTorch(head, MasterSeed 3L, "head")
    head.eval ()
    head

[<Tests>]
let tests =
    testList
        "Fdsl"
        [ testProperty "the focal loss is the mean over pixels of -(1 - q)^2 ln q" (fun (seed: int) ->
              use _ = torch.NewDisposeScope()
              let probabilities, mask = drawn (abs (seed % 1000))
              let p, y = values (probabilities.select (1L, 1L)), values mask

              let pixel p y =
                  let t = Math.Clamp(y, 1e-5, 1.0 - 1e-5)
                  let q = (1.0 - t) * (1.0 - p) + t * p + 1e-5
                  -((1.0 - q) ** 2.0) * log q

              let expected = Array.map2 pixel p y |> Array.average
              abs (scalar (HeadLosses.Focal(probabilities, mask)) - expected) < 1e-5)
          testProperty "the dice loss is one less the mean overlap of images" (fun (seed: int) ->
              use _ = torch.NewDisposeScope()
              let probabilities, mask = drawn (abs (seed % 1000))
              let defect = probabilities.select (1L, 1L)
              let images = Array.zip (values defect |> Array.chunkBySize 35) (values mask |> Array.chunkBySize 35)

              let overlap (p: float[], y: float[]) = (2.0 * Array.sum (Array.map2 (*) p y) + 1.0) / (Array.sum p + Array.sum y + 1.0)

              let expected = 1.0 - (images |> Array.map overlap |> Array.average)
              abs (scalar (HeadLosses.Dice(defect, mask)) - expected) < 1e-5)
          test "of an empty mask the dice loss is 1 - 1/(sum of probabilities + 1)" {
              use _ = torch.NewDisposeScope()
              let defect = random 1 [| 1L; 4L; 4L |]
              let expected = 1.0 - 1.0 / (Array.sum (values defect) + 1.0)
              Expect.floatClose (within 1e-6) (scalar (HeadLosses.Dice(defect, torch.zeros_like defect))) expected "dice"
              let probabilities = torch.stack ([| torch.ones_like defect - defect; defect |], 1L)
              Expect.isTrue (Double.IsFinite(scalar (HeadLosses.Focal(probabilities, torch.zeros_like defect)))) "focal"
          }
          test "the published windows are 13 by 13" {
              let windows = LocalWindows(37, 37, 13, 2)
              Expect.equal windows.Corners.Count 169 "windows"
              Expect.equal windows.Corners[168] (struct (24, 24)) "last corner"
          }
          testProperty
              "windows lie inside, each once, and cover every patch whatever the stride leaves over"
              (fun (a: int, b: int, c: int, d: int) ->
                  let side = 1 + abs (a % 5)
                  let rows, columns = side + abs (b % 6), side + abs (c % 6)
                  let windows = LocalWindows(rows, columns, side, 1 + abs (d % side))
                  use _ = torch.NewDisposeScope()
                  let ones = torch.ones ([| int64 windows.Corners.Count; int64 side; int64 side |])

                  windows.Corners
                  |> Seq.forall (fun struct (row, column) -> row >= 0 && row + side <= rows && column >= 0 && column + side <= columns)
                  && windows.Corners.Distinct().Count() = windows.Corners.Count
                  && values (windows.Merge ones) |> Array.forall ((=) 1.0))
          test "a patch has the mean of the windows that cover it" {
              use _ = torch.NewDisposeScope()
              let windows = LocalWindows(1, 4, 1, 1)

              Expect.equal
                  (values (windows.Merge((torch.tensor [| 1.0f; 2.0f; 3.0f; 4.0f |]).reshape(4L, 1L, 1L))))
                  [| 1.0; 2.0; 3.0; 4.0 |]
                  "alone"

              let overlapping = LocalWindows(2, 3, 2, 1)
              let merged = overlapping.Merge(torch.stack [| torch.zeros (2L, 2L); torch.ones (2L, 2L) |])
              Expect.equal (values merged) [| 0.0; 0.5; 1.0; 0.0; 0.5; 1.0 |] "overlapping"
          }
          testProperty "the nearest row is that of a search over all, whatever the blocks" (fun (seed: int) ->
              use _ = torch.NewDisposeScope()
              let units (tensor: torch.Tensor) = torch.nn.functional.normalize (tensor - 0.5f.ToScalar(), dim = 1L)
              let patches, memory = units (random seed [| 6L; 5L |]), units (random (seed + 1) [| 23L; 5L |])
              let rows (tensor: torch.Tensor) = values tensor |> Array.chunkBySize 5
              let product a b = Array.sum (Array.map2 (*) a b)

              let expected =
                  [ for patch in rows patches ->
                        rows memory |> Array.mapi (fun i row -> product patch row, i) |> Array.maxBy fst |> snd |> int64 ]

              [ 1L; 7L; 60L; 1L <<< 20 ]
              |> List.forall (fun block -> List.ofArray (NormalPatches.Nearest(patches, memory, block).data<int64>().ToArray()) = expected))
          test "a patch that is in memory has no residual, and a zero patch stays zero" {
              use _ = torch.NewDisposeScope()
              let features = random 4 [| 1L; 8L; 2L; 2L |]
              let patches = NormalPatches.Units features
              let residuals = NormalPatches.Residuals(patches, NormalPatches.Memory(features, false))
              Expect.all (values residuals) (fun value -> value < 1e-6) "residuals"
              Expect.all (values (NormalPatches.Units(torch.zeros_like features))) ((=) 0.0) "zeros"
              let half = NormalPatches.Residuals(patches, NormalPatches.Memory(features, true))
              Expect.all (values half) (fun value -> value < 1e-3) "half precision"
          }
          test "a constant image has finite probabilities" {
              use _ = torch.NewDisposeScope()
              use head = head ()
              let probabilities = head.call (head.Classify(0, torch.zeros (1L, 4L, 8L), 2L))
              Expect.all (values (probabilities.sum 1L)) (fun sum -> abs (sum - 1.0) < 1e-6) "sums to one"
          }
          test "a published head is imported, and what it never trained is left aside" {
              use scratch = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              use trained = head ()
              let path = scratch.File "head.safetensors"

              let switchedOff =
                  [ for name in
                        [ "rAttn.fc.0.weight"
                          "zeroClsModule.zero_clsList.0.proj.0.weight"
                          "adapterList.1.l.weight"
                          "resfus.conv.weight" ] -> StoredTensor.Of($"trainable_RR.{name}", [| 1.0f |], 1L) ]

              SafetensorsWriter.Write(path, [| yield! StateDict.Tensors(trained, "trainable_RR."); yield! switchedOff |])
              use imported = new FdslHead(4, 8)
              use file = WeightFile.Open path
              StateDict.Load(imported, file)

              for entry in trained.state_dict () do
                  Expect.isTrue
                      (torch.allclose (imported.state_dict().[entry.Key].``to``(entry.Value.dtype), entry.Value, rtol = 0.0, atol = 0.0))
                      entry.Key
          }
          test "a head of another width is refused" {
              use scratch = new Scratch.Folder()
              use trained = head ()
              SafetensorsWriter.Write(scratch.File "head.safetensors", StateDict.Tensors trained)
              use wider = new FdslHead(4, 16)
              use file = WeightFile.Open(scratch.File "head.safetensors")
              let error = raised<InvalidInputException>(fun () -> StateDict.Load(wider, file))
              Expect.stringContains (string error.Findings[0]) "fbatchNorm" "finding"
          }
          test "an auxiliary set takes k good images of each category, or all where there are fewer" {
              use scratch = new Scratch.Folder()
              let categories = [| category scratch "plate" 2; category scratch "cloth" 5 |]
              let set = AuxiliarySet.Of("drawn", categories, 3, MasterSeed 0L)
              Expect.equal [ for known in set.Categories -> known.Normals.Count ] [ 2; 3 ] "normals"
              use _ = torch.NewDisposeScope()
              let images = pixelsOf set 32
              Expect.equal images.Count (4 + 10) "images"
              Expect.equal images.Names[4] "cloth/test/good/0.png" "name"
              Expect.equal (scalar (images.Mask(0).sum())) 0.0 "mask of a good image"
              Expect.equal (scalar (images.Mask(2).sum())) 64.0 "mask of a defect, at half the size"
          }
          test "defects without masks and categories without defects are reported all at once" {
              use scratch = new Scratch.Folder()
              let known = category scratch "plate" 1

              let unmasked =
                  Category(
                      "drawn",
                      "a",
                      "a",
                      known.TrainImages,
                      [| for item in known.TestImages -> ImageItem(item.Path, item.RelativeName, item.Defect, item.IsAnomalous) |]
                  )

              let good = Category("drawn", "b", "b", known.TrainImages, [| known.TestImages[0] |])

              let error =
                  raised<InvalidInputException>(fun () -> AuxiliarySet.Of("drawn", [| unmasked; good |], 1, MasterSeed 0L) |> ignore)

              Expect.equal
                  [ for finding in error.Findings -> finding.What ]
                  [ "there is no mask of test/square/0.png"; "there is no test image with a defect" ]
                  "findings"
          }
          test "a mosaic shows four images in its quarters" {
              let canvas = RasterImage(4, 4, 1)

              for place in 0..3 do
                  DefectVariation.Paste(canvas, RasterImage(2, 2, 1, Array.create 4 (byte (place + 1))), place, ResizeFilter.Nearest)

              Expect.equal canvas.Pixels [| 1uy; 1uy; 2uy; 2uy; 1uy; 1uy; 2uy; 2uy; 3uy; 3uy; 4uy; 4uy; 3uy; 3uy; 4uy; 4uy |] "pixels"
          }
          test "three in ten images become mosaics, with the defects of their parts, the same for the same step" {
              use scratch = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              let images = pixelsOf (AuxiliarySet.Of("drawn", [| category scratch "plate" 3 |], 2, MasterSeed 0L)) 64
              let variation = DefectVariation(DefectAugmentation.Mosaic, images, MasterSeed 5L)

              let drawn =
                  [ for step in 0..49 do
                        for index in 0..3 -> variation.Of(moment step, index) ]

              let varied = drawn |> List.choose Option.ofObj
              Expect.isBetween (float varied.Length / 200.0) 0.2 0.4 "share"

              for image in varied do
                  let size = scalar (image.Mask.sum ())
                  // Each of four parts has a defect of 16 pixels, at half the size, or none.
                  Expect.isTrue (Set.contains size (set [ 0.0; 64.0; 128.0; 192.0; 256.0 ])) $"size of the defect: {size}"

              let again = variation.Of(moment 0, drawn |> List.findIndex (isNull >> not))
              Expect.isNotNull again "varied again"
              Expect.isTrue (torch.allclose ((nonNull again).Pixels, varied.Head.Pixels, rtol = 0.0, atol = 0.0)) "the same"
          }
          test "a crop shows some of the defect, and is as large as the input" {
              use scratch = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              let images = pixelsOf (AuxiliarySet.Of("drawn", [| category scratch "plate" 2 |], 2, MasterSeed 0L)) 128
              let variation = DefectVariation(DefectAugmentation.Crop, images, MasterSeed 5L)

              let varied indices =
                  [ for step in 0..29 do
                        for index in indices do
                            yield! Option.toList (Option.ofObj (variation.Of(moment step, index))) ]

              let good, defective = varied [ 0; 1 ], varied [ 2; 3 ]
              Expect.isBetween (float good.Length / 60.0) 0.15 0.45 "share of good ones"
              Expect.isBetween (float defective.Length / 60.0) 0.45 0.75 "share of defective ones"

              for image in defective do
                  Expect.equal (List.ofArray image.Pixels.shape) [ 1L; 3L; 128L; 128L ] "shape"
                  Expect.isGreaterThan (scalar (image.Mask.sum ())) 0.0 "defect"

              Expect.all good (fun image -> scalar (image.Mask.sum ()) = 0.0) "good"
          } ]

/// The smallest tower that has four taps.
[<Literal>]
let private Tower = "clip_vit_p8_w8_h2_d4_g4_o4_gelu"

let private small =
    FdslOptions(Backbone = Tower, InputSize = 64, WindowPatches = 4, MapSide = 32, HeadEpochs = 2, HeadBatchSize = 4, HeadNormals = 2)

let private headOf (options: FdslOptions) teacher set = Detector.TrainOnDefects(nonNull options.Foundation, teacher, set, MasterSeed 1L)

let private bits (detector: Detector) =
    [ for struct (_, part) in detector.Network.Parts do
          for entry in part.state_dict () -> entry.Key, List.ofArray (entry.Value.bytes.ToArray()) ]

let private setOf scratch =
    AuxiliarySet.Of("drawn", [| category scratch "plate" 4; category scratch "cloth" 4 |], 2, MasterSeed 1L)

[<Tests>]
let heads =
    testList
        "Fdsl head"
        [ testTheory
              "an interrupted training ends with the bits of one that was not"
              [ DefectAugmentation.None; DefectAugmentation.Mosaic; DefectAugmentation.Crop ]
              (fun (augmentation: DefectAugmentation) ->
                  use scratch = new Scratch.Folder()
                  let set = setOf scratch
                  let options = nonNull (FdslOptions(small, Augmentation = augmentation).Foundation)
                  use teacher = Teacher.Random(Tower, MasterSeed 0L)
                  use straight = Detector.TrainOnDefects(options, teacher, set, MasterSeed 1L)
                  let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)
                  use cancellation = new CancellationTokenSource()

                  let cancelling =
                      { new IProgress<TrainingProgress> with
                          member _.Report progress = if progress.Epoch = 1 then cancellation.Cancel() }

                  Expect.throwsT<OperationCanceledException>
                      (fun () ->
                          Detector.TrainOnDefects(
                              options,
                              teacher,
                              set,
                              MasterSeed 1L,
                              null,
                              checkpoint (),
                              cancelling,
                              cancellation.Token
                          )
                          |> ignore)
                      "is cancelled"

                  use resumed = Detector.TrainOnDefects(options, teacher, set, MasterSeed 1L, null, checkpoint ())
                  Expect.equal (bits resumed) (bits straight) "bits"
                  Expect.equal straight.Card.Epochs.Count 2 "epochs"
                  Expect.equal straight.Card.Source.DataSet "drawn" "data set"
                  Expect.equal straight.Card.TrainingImages.Count 16 "images")
          test "it learns: the loss falls, and defects like those that it has seen are found" {
              use scratch = new Scratch.Folder()
              use teacher = Teacher.Random(Tower, MasterSeed 0L)

              let options =
                  FdslOptions(
                      small,
                      HeadEpochs = 15,
                      HeadBatchSize = 2,
                      HeadLearningRate = 0.004,
                      Augmentation = DefectAugmentation.None,
                      Windows = LocalWindowUse.None
                  )

              let known = category scratch "plate" 4
              use head = headOf options teacher (AuxiliarySet.Of("drawn", [| known |], 4, MasterSeed 1L))
              let losses = [ for epoch in head.Card.Epochs -> epoch["loss"] ]
              Expect.isLessThan (List.last losses) (0.9 * losses.Head) $"losses {losses}"
              use detector = Detector.Train(options, teacher, known.TrainImages, MasterSeed 2L, foundation = head)

              let scores isAnomalous =
                  [ for p in detector.Predict known.TestImages do
                        if p.Item.IsAnomalous = isAnomalous then p.Score ]

              Expect.isGreaterThan (List.average (scores true)) (List.average (scores false)) "defects score higher"
          }
          test "one head serves several categories, read from its file or not" {
              use scratch = new Scratch.Folder()
              use teacher = Teacher.Random(Tower, MasterSeed 0L)
              use head = headOf small teacher (setOf scratch)
              head.SaveTrained(scratch.File "head.falcon")
              use read = Detector.Load(scratch.File "head.falcon", teacher)

              for name in [ "ring"; "bolt" ] do
                  let tested = category scratch name 2
                  let detector foundation = Detector.Train(small, teacher, tested.TrainImages, MasterSeed 2L, foundation = foundation)
                  use first = detector head
                  use second = detector read
                  let scores (detector: Detector) = [ for prediction in detector.Predict tested.TestImages -> prediction.Score ]
                  Expect.equal (scores second) (scores first) name
                  Expect.all (scores first) (fun score -> score > 0.0 && score < 1.0) "probabilities"
          }
          test "an image is judged the same in whatever batch, and has the mean of its largest patches and its map's maximum" {
              use scratch = new Scratch.Folder()
              use teacher = Teacher.Random(Tower, MasterSeed 0L)
              use head = headOf small teacher (setOf scratch)
              let tested = category scratch "ring" 3
              use detector = Detector.Train(small, teacher, tested.TrainImages, MasterSeed 2L, foundation = head)

              let together =
                  [ for prediction in detector.Predict tested.TestImages -> prediction.Score, List.ofArray prediction.Map.Values ]

              let alone =
                  [ for item in tested.TestImages do
                        for prediction in detector.Predict [| item |] -> prediction.Score, List.ofArray prediction.Map.Values ]

              Expect.equal alone together "scores and maps"

              for score, map in together do
                  Expect.isGreaterThan score (float (List.max map) / 2.0) "score"
          }
          test "windows that are larger than the image are left out, with a warning" {
              let large = FdslOptions(small, WindowPatches = 9)
              Expect.isEmpty (large.Check()) "findings"
              Expect.stringContains (string (Seq.exactlyOne (large.Warnings()))) "larger than the image" "warning"
              Expect.isFalse large.ScoringNeeds.Pixels "pixels are not read"
          }
          test "what is impossible is named" {
              let faults (options: MethodOptions) = [ for finding in options.Check() -> finding.Where.Split(' ') |> Array.last ]
              Expect.equal (faults (FdslOptions(InputSize = 512))) [ "InputSize" ] "no multiple of the patch"
              Expect.equal (faults (FdslOptions(WindowStride = 14))) [ "WindowStride" ] "windows that leave gaps"
              Expect.equal (faults (FdslOptions(Windows = LocalWindowUse.None, ImageIndex = true))) [ "ImageIndex" ] "an index of nothing"
              Expect.equal (faults (FdslOptions(HeadEpochs = 0))) [ "Epochs" ] "no passes"
              Expect.equal (faults (FdslOptions(Backbone = "dinov2_vits14"))) [ "Backbone" ] "no tower of CLIP"
              Expect.equal (faults (FdslHeadOptions(Backbone = "resnet18"))) [ "Backbone" ] "no tower of CLIP, of the head"
          }
          test "options that a head determines are taken from it" {
              let head =
                  FdslHeadOptions(
                      Backbone = Tower,
                      InputSize = 64,
                      Epochs = 11,
                      Augmentation = DefectAugmentation.Crop,
                      NeighbourAggregation = false
                  )

              let built = FdslOptions(MapSide = 32, Windows = LocalWindowUse.None).BuiltOn head
              Expect.equal (nonNull built.Foundation) head "foundation"
              Expect.equal (built :?> FdslOptions).MapSide 32 "what is its own stays"
              Expect.equal (small.BuiltOn(nonNull small.Foundation)) small "its own"
          }
          test "a trained head in a file takes the place of training" {
              use scratch = new Scratch.Folder()
              use teacher = Teacher.Random(Tower, MasterSeed 0L)
              use head = headOf small teacher (setOf scratch)
              let struct (_, part) = head.Network.Parts[0]
              SafetensorsWriter.Write(scratch.File "head.safetensors", StateDict.Tensors(part, "trainable_RR."))
              let tested = category scratch "ring" 2
              let imported = FdslOptions(small, HeadWeights = scratch.File "head.safetensors")
              Expect.isFalse imported.NeedsAuxiliary "needs auxiliary data"
              use built = Detector.Train(small, teacher, tested.TrainImages, MasterSeed 2L, foundation = head)
              use read = Detector.Train(imported, teacher, tested.TrainImages, MasterSeed 2L)
              let scores (detector: Detector) = [ for prediction in detector.Predict tested.TestImages -> prediction.Score ]
              Expect.equal (scores read) (scores built) "scores"
              read.SaveTrained(scratch.File "detector")
              File.Delete(scratch.File "head.safetensors")
              use loaded = Detector.Load(scratch.File "detector", teacher)
              Expect.equal (scores loaded) (scores built) "a saved detector stands alone"
              Expect.isNonEmpty (imported.Check()) "the file is gone"
          }
          test "a missing or another foundation is reported before any work" {
              use scratch = new Scratch.Folder()
              use teacher = Teacher.Random(Tower, MasterSeed 0L)
              let tested = category scratch "ring" 1

              let missing =
                  raised<InvalidInputException>(fun () -> Detector.Train(small, teacher, tested.TrainImages, MasterSeed 2L) |> ignore)

              Expect.stringContains (string missing.Findings[0]) "learns from the defects of an auxiliary data set" "missing"
              use head = headOf (FdslOptions(small, HeadEpochs = 1)) teacher (setOf scratch)

              let other =
                  raised<InvalidInputException>(fun () ->
                      Detector.Train(small, teacher, tested.TrainImages, MasterSeed 2L, foundation = head) |> ignore)

              Expect.stringContains (string other.Findings[0]) "was trained with other options" "other"
              Expect.stringContains (string other.Findings[0]) "epochs 2 instead of 1" "how it differs"

              let alone =
                  raised<InvalidInputException>(fun () ->
                      Detector.Train(nonNull small.Foundation, teacher, tested.TrainImages, MasterSeed 2L) |> ignore)

              Expect.stringContains (string alone.Findings[0]) "learns from defects" "a head on good images"
              let judging = raised<InvalidInputException>(fun () -> head.Predict tested.TestImages |> Seq.length |> ignore)
              Expect.stringContains (string judging.Findings[0]) "detects nothing by itself" "a head that judges"

              let wrong =
                  raised<InvalidInputException>(fun () -> Detector.TrainOnDefects(small, teacher, setOf scratch, MasterSeed 1L) |> ignore)

              Expect.stringContains (string wrong.Findings[0]) "does not learn from defects" "no head"
          } ]
