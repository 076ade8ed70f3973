module Falcon.Core.Tests.Detection.TeachingTests

open System.IO
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Core.Tests.Methods
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open TorchSharp

let private write (scratch: Scratch.Folder) name (pixel: int -> int -> int) =
    let values = Array.init (3 * 48 * 48) (fun k -> byte (pixel (k / 3 / 48 - 24) (k / 3 % 48 - 24)))
    ImageFile.WritePng(scratch.File name, RasterImage(48, 48, 3, values))
    ImageItem(scratch.File name, name, "good", false)

/// Discs of different sizes on noise.
let private discs scratch count =
    [| for i in 0 .. count - 1 ->
           write scratch $"{i}.png" (fun y x -> if y * y + x * x < 200 + 40 * i then 200 - 9 * i else 40 + (50 + 48 * y + x + i) * 13 % 9) |]

/// A square is good, too, after all.
let private square scratch =
    write scratch "square.png" (fun y x -> if max (abs y) (abs x) < 15 then 90 else 45 + (50 + 48 * y + x) * 7 % 9)

let private cross scratch = write scratch "cross.png" (fun y x -> if min (abs y) (abs x) < 4 then 250 else 20)

let private seed = MasterSeed 7L

let private patchCore = PatchCoreOptions(InputSize = 64)
let private padim = PadimOptions(InputSize = 64, Channels = 20)
let private stpm = StpmOptions(InputSize = 64, Epochs = 5, BatchSize = 4)

let private teacher () = Teacher.Random("resnet18", MasterSeed 1L)

/// Held-out scores do not matter here, nor what they cost.
let private trained (options: MethodOptions) teacher (photos: ImageItem array) =
    CalibratedTraining.Run(options, teacher, photos, seed, CalibrationPlan(CalibrationWay.None, photos.Length, 0))

let private tensors (detector: Detector) =
    [ for struct (prefix, part) in detector.Network.Parts do
          for entry in part.state_dict () -> $"{prefix}.{entry.Key}", entry.Value ]

let private difference (a: torch.Tensor) (b: torch.Tensor) =
    use _ = torch.NewDisposeScope()
    (a.detach().``to``(torch.ScalarType.Float64) - b.detach().``to``(torch.ScalarType.Float64)).abs().max().item<float>()

let private score (detector: Detector) (photo: ImageItem) = (Seq.exactlyOne (detector.Predict [| photo |])).Score

let private lessons (detector: Detector) = List.ofSeq (nonNull detector.Card.Lessons)

let private refused (problem: string) action =
    let error = raised<InvalidInputException>(action >> ignore)
    Expect.stringContains error.Message problem "message"

[<Tests>]
let tests =
    testList
        "Teaching"
        [ testTheory
              "what keeps all that it has seen is after a lesson what it would be after a training on all photos"
              [ "PaDiM"
                "PaDiM that photos become many for"
                "PaDiM of more photos than channels"
                "AnomalyDINO, masked"
                "FDSL, the whole image alone" ]
              (fun (variant: string) ->
                  use scratch = new Scratch.Folder()
                  let photos = Array.append (discs scratch 3) [| square scratch |]

                  let options: MethodOptions =
                      match variant with
                      | "PaDiM that photos become many for" -> PadimOptions(InputSize = 64, Channels = 15)
                      | "PaDiM of more photos than channels" -> PadimOptions(InputSize = 64, Channels = 2)
                      | _ -> MethodsTests.options variant

                  use teacher = MethodsTests.teacher options

                  use foundation: Detector | null = MethodsTests.onDefects options teacher photos
                  let train photos = Detector.Train(options, teacher, photos, seed, foundation = foundation)
                  use whole = train photos
                  use detector = train photos[..2]
                  detector.Keep photos[..2]
                  Teaching.Run(detector, photos[3..]) |> ignore

                  for (name, value), (_, expected) in Seq.zip (tensors detector |> List.sortBy fst) (tensors whole |> List.sortBy fst) do
                      Expect.equal value.shape expected.shape name
                      // A transformer's features depend on the batch in the last bits.
                      Expect.isLessThan (difference value expected) (if options :? PadimOptions then 1e-30 else 1e-5) name

                  Expect.equal (List.ofSeq detector.Card.TrainingImages) (List.ofSeq whole.Card.TrainingImages) "names")
          test "PatchCore keeps its patches and adds the share of the photo's that are farthest from them" {
              use scratch = new Scratch.Folder()
              let photos = discs scratch 3
              use teacher = teacher ()
              use detector = trained patchCore teacher photos
              let bank () = let network = detector.Network :?> FittedNetwork in network.Fitted("bank").clone()
              use before = bank ()
              let known = score detector photos[0]
              Teaching.Run(detector, [| square scratch |]) |> ignore
              use after = bank ()
              Expect.equal after.shape [| before.shape[0] + int64 (0.1 * 64.0); before.shape[1] |] "patches"
              Expect.isTrue (after.narrow(0L, 0L, before.shape[0]).allclose(before, rtol = 0.0, atol = 0.0)) "those that were kept"
              Expect.isLessThanOrEqual (score detector photos[0]) known "a known photo comes no farther"
          }
          testTheory
              "a false alarm passes after the lesson, in the file, too, which tells of it, and the same lesson gives the same file"
              [ "PatchCore"; "PaDiM"; "STPM" ]
              (fun (variant: string) ->
                  use scratch = new Scratch.Folder()
                  let photos, odd = discs scratch 3, square scratch

                  let options: MethodOptions =
                      match variant with
                      | "PatchCore" -> patchCore
                      | "PaDiM" -> padim
                      | _ -> stpm

                  use teacher = teacher ()
                  use detector = trained options teacher photos
                  detector.Threshold <- 0.9 * score detector odd
                  detector.Save(scratch.File "before.falcon")

                  let teach name =
                      use detector = Detector.Load(scratch.File "before.falcon")
                      let outcome = Teaching.Run(detector, [| odd |])
                      detector.Save(scratch.File name)
                      outcome

                  let outcome = teach "after.falcon"
                  teach "again.falcon" |> ignore
                  Expect.equal (File.ReadAllBytes(scratch.File "again.falcon")) (File.ReadAllBytes(scratch.File "after.falcon")) "file"
                  use taught = Detector.Load(scratch.File "after.falcon")
                  Expect.isLessThanOrEqual (score taught odd) taught.Threshold "the photo"
                  Expect.equal (lessons taught) (List.ofSeq outcome.Lessons) "history"
                  let lesson = List.exactlyOne (lessons taught)
                  Expect.equal (lesson.Photo, lesson.Sha256) ("square.png", FileDigest.Sha256 odd.Path) "what was taught"
                  Expect.equal (lesson.ScoreBefore, lesson.ThresholdBefore) (score detector odd, detector.Threshold) "before"
                  Expect.equal (lesson.ScoreAfter, lesson.ThresholdAfter) (score taught odd, taught.Threshold) "after"
                  Expect.isLessThan lesson.ScoreAfter lesson.ScoreBefore "it has been learnt"
                  Expect.equal (List.ofSeq taught.Card.TrainingImages) [ "0.png"; "1.png"; "2.png"; "square.png" ] "training images")
          test "the threshold is raised to a photo that does not pass although it has been learnt" {
              use scratch = new Scratch.Folder()
              let photos, odd = discs scratch 3, square scratch
              use teacher = teacher ()
              use detector = trained patchCore teacher photos
              detector.Calibrate(HeldOutScores(CalibrationWay.LeaveOneOut, [| 1e-9; 2e-9; 3e-9 |], [| 1.0; 1.0; 1.0 |]))
              let outcome = Teaching.Run(detector, [| odd |])
              Expect.isGreaterThan outcome.ThresholdAfter outcome.ThresholdBefore "threshold"
              Expect.isLessThanOrEqual (score detector odd) detector.Threshold "the photo"
              Expect.isFalse detector.Card.FalseAlarms.HasValue "it is no more that of a rate"
          }
          test "a method that trains needs the photos that it knows: those that its file keeps, or others of the same names" {
              use scratch = new Scratch.Folder()
              let photos, odd = discs scratch 3, square scratch
              use teacher = teacher ()
              use detector = trained stpm teacher photos
              detector.Save(scratch.File "m.falcon")

              use without =
                  CalibratedTraining.Run(
                      stpm,
                      teacher,
                      photos,
                      seed,
                      CalibrationPlan(CalibrationWay.None, photos.Length, 0),
                      keepPhotos = false
                  )

              let teach known =
                  use detector = Detector.Load(scratch.File "m.falcon")
                  Teaching.Run(detector, [| odd |], known = known) |> ignore
                  detector.SaveTrained(scratch.File $"{isNull known}.falcon")
                  File.ReadAllBytes(scratch.File $"{isNull known}.falcon")

              Expect.equal (teach photos) (teach null) "the same bits"
              refused "learns further only together with those that it was trained on" (fun () -> Teaching.Run(without, [| odd |]))

              refused "photos are missing that the model was trained on: 2.png" (fun () ->
                  Teaching.Run(without, [| odd |], known = photos[..1]))

              Teaching.Run(without, [| odd |], known = photos) |> ignore
              let further = cross scratch

              refused "photos are missing that the model was trained on: square.png" (fun () ->
                  Teaching.Run(without, [| further |], known = photos))

              let outcome = Teaching.Run(without, [| further; odd |], known = photos)
              Expect.equal (List.ofSeq outcome.Earlier) [ "square.png" ] "a photo of an earlier lesson is given once more"
              Expect.equal [ for lesson in outcome.Lessons -> lesson.Photo ] [ "cross.png" ] "and not taught again"
          }
          test "training goes on from the weights that there are, not from those that a training begins with" {
              use scratch = new Scratch.Folder()
              let photos = discs scratch 3
              use teacher = teacher ()

              let still: MethodOptions list =
                  [ StpmOptions(stpm, Epochs = 1, LearningRate = 1e-30)
                    RememberingNormalityOptions(InputSize = 64, Epochs = 1, LearningRate = 1e-30) ]

              for options in still do
                  use detector = Detector.Train(options, teacher, photos, seed)

                  use _ = torch.NewDisposeScope()

                  let parameters =
                      [ for struct (_, part) in detector.Network.Parts do
                            for struct (name, parameter) in part.named_parameters () -> name, parameter, parameter.detach().clone() ]

                  Teaching.Run(detector, [| square scratch |], known = photos, epochs = 1) |> ignore

                  for name, parameter, before in parameters do
                      Expect.isLessThan (difference parameter before) 1e-20 $"{options.DisplayName} {name}"
          }
          test "known defects are looked at before and after, and remembered for the next lesson" {
              use scratch = new Scratch.Folder()
              let photos, odd = discs scratch 3, square scratch
              let defect = write scratch "defect.png" (fun y x -> if max (abs y) (abs x) < 15 then 91 else 46 + (50 + 48 * y + x) * 7 % 9)
              use teacher = teacher ()
              use detector = trained patchCore teacher photos
              detector.Threshold <- 0.5 * min (score detector odd) (score detector defect)
              let caught, threshold = score detector defect, detector.Threshold
              let outcome = Teaching.Run(detector, [| odd |], [| defect |])
              let check = Seq.exactlyOne outcome.Defects

              Expect.equal
                  (check.Photo, check.ScoreBefore, check.ScoreAfter)
                  ("defect.png", caught, System.Nullable(score detector defect))
                  "scores"

              Expect.equal (check.WasCaught, check.IsCaught) (true, score detector defect > detector.Threshold) "verdicts"
              Expect.isTrue check.IsLost "it looks like what has been learnt"
              detector.Threshold <- threshold
              detector.Save(scratch.File "m.falcon")
              use loaded = Detector.Load(scratch.File "m.falcon")
              let later = Seq.exactlyOne (Teaching.Run(loaded, [| cross scratch |])).Defects

              Expect.equal
                  (later.Photo, later.ScoreBefore, later.ScoreAfter)
                  ("defect.png", check.ScoreAfter.Value, System.Nullable())
                  "remembered"
          }
          test "what is no lesson is refused, and another photo of a name that is taken gets its own" {
              use scratch = new Scratch.Folder()
              let photos, odd = discs scratch 3, square scratch
              use teacher = teacher ()
              use detector = trained patchCore teacher photos
              refused "is among the defects, too" (fun () -> Teaching.Run(detector, [| odd |], [| odd |]))
              let named = ImageItem(odd.Path, "0.png", "unknown", false)
              let outcome = Teaching.Run(detector, [| named; named |])
              let lesson = Seq.exactlyOne outcome.Lessons
              Expect.equal lesson.Photo $"0.png {lesson.Sha256[..7]}" "name"
              refused "has been taught already" (fun () -> Teaching.Run(detector, [| odd |]))
              Expect.equal (lessons detector).Length 1 "history"
          } ]
