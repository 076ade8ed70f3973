// Where thresholds come from: trains detectors on five photos, holds photos out in several ways, and writes every score, so that any rule can be judged
// afterwards. One line for each way; what the file has already is not computed again. Without DATA it judges what the file has: false alarms, balanced accuracy and
// what the best threshold loses to it, by way and stated rate.
//
//   dotnet fsi experiments/calibration.fsx OUT.csv [TEACHER DATA CATEGORY METHOD[,METHOD] SEED[,SEED] [WAY[,WAY]]]
#load "falcon.fsx"

open System
open System.IO
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments
open Falcon.Metrics
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness

let arguments = Array.tail fsi.CommandLineArgs
let out = arguments[0]
let photos = 5

/// Ways of holding five photos out; of methods that train, the last two take a share of the passes, so that they cost no more than the training itself.
let ways =
    [ "none", CalibrationWay.None, 0, 1.0
      "views", CalibrationWay.Views, 0, 1.0
      "loo", CalibrationWay.LeaveOneOut, photos, 1.0
      "2 folds", CalibrationWay.Folds, 2, 1.0
      "3 folds; half as long", CalibrationWay.Folds, 3, 0.5
      "loo; a quarter as long", CalibrationWay.LeaveOneOut, photos, 0.25 ]

let shortened share (options: MethodOptions) =
    if share = 1.0 || not options.Plan.TakesSteps then
        options
    else
        MethodJson.Set(options, "epochs", Text.Json.Nodes.JsonValue.Create(int (round (share * float options.Epochs))))

type Judged =
    { Way: string
      Method: string
      Category: string
      Seed: int64
      HeldOut: float array
      Good: float array
      Defective: float array
      Models: int }

let private numbers (text: string) = text.Split(' ', StringSplitOptions.RemoveEmptyEntries) |> Array.map float

let read () =
    if File.Exists out then
        [ for line in File.ReadLines out do
              let cells = line.Split ','

              { Category = cells[0]
                Method = cells[1]
                Seed = int64 cells[2]
                Way = cells[3]
                HeldOut = numbers cells[6]
                Good = numbers cells[7]
                Defective = numbers cells[8]
                Models = int cells[9] } ]
    else
        []

let measure () =
    let weights, data, category = arguments[1], arguments[2], arguments[3]
    let images = DataFolder.Detect(data).Open category

    let chosen =
        match Array.tryItem 6 arguments with
        | Some names -> names.Split ',' |> Array.toList
        | None -> ways |> List.map (fun (name, _, _, _) -> name)

    for name in arguments[4].Split ',' do
        for seed in arguments[5].Split ',' |> Array.map int64 do
            let missing =
                ways
                |> List.filter (fun (way, _, _, _) -> List.contains way chosen)
                |> List.filter (fun (way, _, _, _) ->
                    read ()
                    |> List.exists (fun known -> (known.Category, known.Method, known.Seed, known.Way) = (category, name, seed, way))
                    |> not)

            if not missing.IsEmpty then
                let options = (MethodCatalog.Find name).TaughtBy("resnet18")
                use teacher = Teacher.Load(weights, options.Backbone, options.DeepestTap)
                let learnt = ShotSampler.Default.For(ShotCount.Of photos).Select(images, photos, MasterSeed seed) |> Array.ofSeq
                let clock = Diagnostics.Stopwatch.StartNew()
                use detector = Detector.Train(options, teacher, learnt, MasterSeed seed)
                let training = clock.Elapsed.TotalSeconds
                let predictions = detector.Predict(Array.ofSeq images.TestImages) |> Array.ofSeq
                let scores anomalous = predictions |> Array.filter (fun p -> p.Item.IsAnomalous = anomalous) |> Array.map _.Score

                for way, kind, trainings, share in missing do
                    clock.Restart()

                    let heldOut =
                        if trainings = 0 then
                            HeldOutCalibration.OfKnown(kind, detector, learnt, MasterSeed seed)
                        else
                            let folds =
                                HeldOutCalibration.Run(
                                    CalibrationPlan(kind, photos, trainings),
                                    shortened share options,
                                    teacher,
                                    learnt,
                                    MasterSeed seed
                                )

                            folds.OnScaleOf detector

                    let text (values: float seq) = values |> Seq.map (fun value -> value.ToString "G6") |> String.concat " "

                    let cells =
                        [ category
                          name
                          string seed
                          way
                          $"{training:F1}"
                          $"{clock.Elapsed.TotalSeconds:F1}"
                          text heldOut.Scores
                          text (scores false)
                          text (scores true)
                          string heldOut.Models ]

                    File.AppendAllText(out, String.concat "," cells + "\n")

let point threshold judged =
    OperatingPoint(
        threshold,
        [| for score in judged.Good -> struct (score, null)
           for score in judged.Defective -> struct (score, "defect") |]
    )

let judge () =
    let rows =
        [ for judged in read () do
              let best =
                  Seq.append judged.Good judged.Defective
                  |> Seq.map (fun score -> (point score judged).BalancedAccuracy)
                  |> Seq.max

              for rate in [ 0.01; 0.02; 0.05; 0.1; 0.2 ] do
                  let at = point (FalseAlarmLimit.Of(judged.HeldOut, rate, models = judged.Models)) judged
                  (judged.Method, judged.Way, rate), (judged.Category, at.FalseAlarms.Value, at.Misses.Value, at.BalancedAccuracy, best) ]

    printfn "method, way, rate: cells, false alarms, misses, balanced accuracy, best, lost"

    for (name, way, rate), group in rows |> List.groupBy fst do
        let mean f = group |> List.averageBy (snd >> f)

        let alarms, accuracy, best =
            mean (fun (_, a, _, _, _) -> a), mean (fun (_, _, _, b, _) -> b), mean (fun (_, _, _, _, best) -> best)

        let misses = mean (fun (_, _, m, _, _) -> m)

        let worst =
            group
            |> List.groupBy (fun (_, (category, _, _, _, _)) -> category)
            |> List.map (fun (category, cells) ->
                $"{category} {100.0 * (cells |> List.averageBy (fun (_, (_, a, _, _, _)) -> a)):F0}/-{100.0 * (cells |> List.averageBy (fun (_, (_, _, _, b, best)) -> best - b)):F0}")
            |> String.concat " "

        printfn
            $"{name, -10} {way, -8} {100.0 * rate, 4:F0} %%: {group.Length, 3} {100.0 * alarms, 6:F1} {100.0 * misses, 6:F1} {100.0 * accuracy, 6:F1} {100.0 * best, 6:F1} {100.0 * (best - accuracy), 6:F1}  {worst}"

if arguments.Length > 1 then measure () else judge ()
