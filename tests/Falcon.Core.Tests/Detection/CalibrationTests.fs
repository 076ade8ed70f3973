module Falcon.Core.Tests.Detection.CalibrationTests

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
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Training

/// Discs of different sizes and shades on noise.
let private photos (scratch: Scratch.Folder) count =
    [| for i in 0 .. count - 1 do
           let name = $"{i}.png"

           let pixel p =
               let y, x = p / 48 - 24, p % 48 - 24
               if y * y + x * x < 200 + 40 * i then 200 - 9 * i else 40 + ((p + i) * 13 % 9)

           ImageFile.WritePng(scratch.File name, RasterImage(48, 48, 3, Array.init (3 * 48 * 48) (fun k -> byte (pixel (k / 3)))))
           ImageItem(scratch.File name, name, "good", false) |]

let private seed = MasterSeed 7L

let private patchCore = PatchCoreOptions(InputSize = 64)

let private stpm = StpmOptions(InputSize = 64, Epochs = 4)

let private teacher () = Teacher.Random("resnet18", MasterSeed 1L)

/// The scores of photos by detectors that are trained by hand on the others.
let private byHand (options: MethodOptions) teacher (folds: (ImageItem array * ImageItem array) list) =
    [ for seen, unseen in folds do
          use detector = Detector.Train(options, teacher, seen, seed)
          for prediction in detector.Predict unseen -> prediction.Score ]

let private without (photos: ImageItem array) (left: ImageItem list) =
    photos |> Array.filter (fun photo -> not (List.contains photo left)), Array.ofList left

let private state (detector: Detector) =
    [ for struct (prefix, part) in detector.Network.Parts do
          for entry in part.state_dict () -> prefix, entry.Key, entry.Value.bytes.ToArray() |> List.ofArray ]

[<Tests>]
let tests =
    testList
        "Calibration"
        [ test "a method without steps scores each photo by a model of all the others" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 3
              use teacher = teacher ()
              let plan = CalibrationPlan.Of(patchCore, photos)
              Expect.equal plan.Way CalibrationWay.LeaveOneOut "way"
              let heldOut = HeldOutCalibration.Run(plan, patchCore, teacher, photos, seed)

              Expect.equal
                  (List.ofSeq heldOut.Scores.Scores)
                  (byHand patchCore teacher [ for photo in photos -> without photos [ photo ] ])
                  "scores"
          }
          testTheory
              "held-out scores are those of models of the others, and on the final model's scale by what both say of views of what both know"
              [ "STPM, four photos", (stpm :> MethodOptions), 4, 4, [ [ 0; 2 ], [ 1; 3 ]; [ 1; 3 ], [ 2; 0 ] ]
                "STPM, five photos", stpm, 5, 4, [ [ 0; 2; 4 ], [ 1; 3 ]; [ 1; 3 ], [ 2; 4; 0 ] ]
                "PaDiM, four photos",
                PadimOptions(InputSize = 64, Channels = 20),
                4,
                1,
                [ for i in 0..3 -> [ i ], [ (i + 1) % 4; (i + 2) % 4 ] ] ]
              (fun (_, options, count, viewsOfPhoto, folds) ->
                  use scratch = new Scratch.Folder()
                  let photos = photos scratch count
                  use teacher = teacher ()
                  use final = Detector.Train(options, teacher, photos, seed)
                  let plan = CalibrationPlan.Of(options, photos)
                  let way = if options.Plan.TakesSteps then CalibrationWay.Folds, 2 else CalibrationWay.LeaveOneOut, count
                  Expect.equal (plan.Way, plan.Trainings) way "way"
                  let heldOut = HeldOutCalibration.Run(plan, options, teacher, photos, seed)

                  let byHand =
                      [ for unseen, known in folds do
                            let seen, left = without photos [ for i in unseen -> photos[i] ]
                            use fold = Detector.Train(options, teacher, seen, seed)

                            let level detector =
                                HeldOutCalibration.OfViews(detector, [| for i in known -> photos[i] |], seed, viewsOfPhoto).Scores
                                |> Seq.averageBy log

                            unseen.Length,
                            level final - level fold,
                            [ for i, prediction in Seq.zip unseen (fold.Predict left) -> i, prediction.Score ] ]

                  let expected =
                      [ for size, _, scores in byHand do
                            // Models of as many photos share a ratio; of networks that take steps half of it is applied.
                            let alike = byHand |> List.filter (fun (other, _, _) -> other = size)
                            let fall = alike |> List.averageBy (fun (_, fall, _) -> fall)
                            let ratio = if options.Plan.TakesSteps then sqrt (exp fall) else exp fall
                            for i, score in scores -> i, score, ratio * score ]
                      |> List.sort

                  Expect.equal (List.ofSeq heldOut.Scores.Scores) [ for _, score, _ in expected -> score ] "scores"

                  for found, (_, _, scaled) in Seq.zip (heldOut.OnScaleOf(final).Scores) expected do
                      Expect.floatClose Accuracy.veryHigh found scaled "scores of the final model's scale")
          test "calibrating costs no more images than training" {
              use scratch = new Scratch.Folder()

              for count in [ 2; 3; 5; 8 ] do
                  let photos = photos scratch count
                  let plan = CalibrationPlan.Of(stpm, photos)
                  let training = stpm.Plan.ImagesSeen count
                  Expect.isLessThanOrEqual (plan.ImagesSeen stpm) (2L * training + 4L) $"{count} photos"
          }
          test "a photo that was drawn twice is held out of itself" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 2
              use teacher = teacher ()
              let twice = [| photos[0]; photos[1]; photos[0] |]
              let plan = CalibrationPlan.Of(patchCore, twice)
              let heldOut = HeldOutCalibration.Run(plan, patchCore, teacher, twice, seed)
              let expected = byHand patchCore teacher [ [| photos[1] |], [| photos[0] |]; [| photos[0]; photos[0] |], [| photos[1] |] ]
              Expect.equal (List.ofSeq heldOut.Scores.Scores) expected "scores"
          }
          testTheory
              "calibration changes no bit of the model, and gives the threshold that held-out scores give"
              [ true; false ]
              (fun steps ->
                  use scratch = new Scratch.Folder()
                  let photos = photos scratch 3
                  let options: MethodOptions = if steps then stpm else patchCore
                  use teacher = teacher ()
                  use plain = Detector.Train(options, teacher, photos, seed)
                  use calibrated = CalibratedTraining.Run(options, teacher, photos, seed)
                  Expect.equal (state calibrated) (state plain) "weights"
                  let folds = HeldOutCalibration.Run(CalibrationPlan.Of(options, photos), options, teacher, photos, seed)
                  let heldOut = if steps then folds.OnScaleOf(plain) else folds.Scores
                  Expect.equal (List.ofSeq (nonNull calibrated.Card.HeldOut).Scores) (List.ofSeq heldOut.Scores) "held-out scores"
                  Expect.equal calibrated.Threshold (heldOut.Limit()) "threshold")
          test "a training that diverges in its last step is told by the scores that it gives" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 1
              use teacher = teacher ()
              let diverging = StpmOptions(stpm, Epochs = 1, LearningRate = 1e30)
              let error = raised<InvalidInputException>(fun () -> Detector.Train(diverging, teacher, photos, seed) |> ignore)
              Expect.stringContains error.Message "a score that is not finite" "message"
          }
          test "photos that a memory knows score lower than photos that it does not" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 4
              use teacher = teacher ()
              use known = Detector.Train(patchCore, teacher, photos, seed)
              use calibrated = CalibratedTraining.Run(patchCore, teacher, photos, seed)
              Expect.isGreaterThan calibrated.Threshold known.Threshold "threshold"
          }
          test "one photo is seen in views, and cannot be held out" {
              use scratch = new Scratch.Folder()
              let photo = photos scratch 1
              use teacher = teacher ()
              use detector = CalibratedTraining.Run(patchCore, teacher, photo, seed)
              use again = CalibratedTraining.Run(patchCore, teacher, photo, seed)
              let heldOut = nonNull detector.Card.HeldOut
              Expect.equal heldOut.Way CalibrationWay.Views "way"
              Expect.isGreaterThan heldOut.Scores.Count 1 "views"
              Expect.equal again.Threshold detector.Threshold "the same views"

              for way in [ CalibrationWay.LeaveOneOut; CalibrationWay.Folds ] do
                  let error = raised<InvalidInputException>(fun () -> CalibrationPlan.Of(patchCore, photo, way) |> ignore)
                  Expect.stringContains error.Message "one photo cannot be held out of itself" "message"
          }
          test "a detector file keeps the scores, and another rate needs no training" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 3
              use teacher = teacher ()
              use trained = CalibratedTraining.Run(patchCore, teacher, photos, seed, falseAlarms = 0.1)
              trained.Save(scratch.File "m.falcon")
              use loaded = Detector.Load(scratch.File "m.falcon")
              let heldOut = nonNull loaded.Card.HeldOut
              Expect.equal (List.ofSeq heldOut.Scores) (List.ofSeq (nonNull trained.Card.HeldOut).Scores) "scores"
              Expect.equal (List.ofSeq heldOut.PixelLevels) (List.ofSeq (nonNull trained.Card.HeldOut).PixelLevels) "pixel levels"
              Expect.equal (loaded.Threshold, loaded.Card.FalseAlarms) (trained.Threshold, Nullable 0.1) "threshold and rate"
              loaded.Calibrate(heldOut, 0.01)
              Expect.equal loaded.Threshold (FalseAlarmLimit.Of(heldOut.Scores, 0.01)) "threshold of another rate"
              loaded.Threshold <- 3.0
              Expect.equal (loaded.Threshold, loaded.Card.FalseAlarms) (3.0, Nullable()) "set by hand"
          }
          test "a threshold far above the held-out scores is cautioned, where scores are multiples of one another" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 2
              use teacher = teacher ()

              for options, isCautioned in [ PadimOptions(InputSize = 64, Channels = 20) :> MethodOptions, true; patchCore, false ] do
                  use detector = Detector.Train(options, teacher, photos, seed)

                  let isFar scores =
                      detector.Calibrate(HeldOutScores(CalibrationWay.LeaveOneOut, scores, scores))
                      CalibrationRecord.CautionsOf detector.Card |> Seq.exists (fun caution -> caution.Contains "times their mean")

                  Expect.isFalse (isFar [| 1.0; 1.1; 1.2; 1.0; 1.1 |]) "scores that differ little"
                  Expect.equal (isFar [| 1.0; 1.0; 1.0; 2.0; 3.0 |]) isCautioned "scores that differ much"
          }
          test "a run that is stopped anywhere goes on with the same bits, counts on, and repeats no training whose scores it has" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 4
              use teacher = teacher ()
              let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)

              let run (checkpoint: TrainingCheckpoint | null) (hear: TrainingProgress -> unit) cancellation =
                  let progress =
                      { new IProgress<TrainingProgress> with
                          member _.Report value = hear value }

                  CalibratedTraining.Run(
                      stpm,
                      teacher,
                      photos,
                      seed,
                      progress = progress,
                      cancellation = cancellation,
                      checkpoint = checkpoint
                  )

              use whole = run null ignore CancellationToken.None

              // In the first fold, in the second, and in the final training.
              for stopAt in [ 2L; 10L; 20L ] do
                  use stop = new CancellationTokenSource()

                  raised<OperationCanceledException>(fun () ->
                      (run (checkpoint ()) (fun state -> if state.ImagesSeen >= stopAt then stop.Cancel()) stop.Token).Dispose())
                  |> ignore

              let heard = ResizeArray()
              use continued = run (checkpoint ()) (fun state -> heard.Add state.ImagesSeen) CancellationToken.None
              Expect.equal (state continued) (state whole) "weights"

              let scores (detector: Detector) =
                  let heldOut = nonNull detector.Card.HeldOut
                  List.ofSeq heldOut.Scores, List.ofSeq heldOut.PixelLevels

              Expect.equal (scores continued) (scores whole) "held-out scores"
              Expect.equal continued.Threshold whole.Threshold "threshold"
              Expect.equal (Seq.last heard) (CalibrationPlan.Of(stpm, photos).ImagesSeen stpm) "images at the end"
              Expect.isGreaterThanOrEqual (Seq.head heard) 8L "images of the folds that are done"
          }

          test "progress counts the images of all trainings" {
              use scratch = new Scratch.Folder()
              let photos = photos scratch 4
              use teacher = teacher ()
              let seen = ResizeArray()

              let told =
                  { new IProgress<Training.TrainingProgress> with
                      member _.Report progress = seen.Add progress.ImagesSeen }

              use _ = CalibratedTraining.Run(stpm, teacher, photos, seed, progress = told)
              Expect.equal (Seq.last seen) ((CalibrationPlan.Of(stpm, photos)).ImagesSeen stpm) "images at the end"
              Expect.equal (Seq.sort seen |> List.ofSeq) (List.ofSeq seen) "ascending"
          } ]
