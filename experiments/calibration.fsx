// What becomes of good and defective parts at the stored threshold: false alarms and balanced accuracy by way of holding photos out, beside the best threshold that
// there is on the test images. One line of results for each training; what is in the file already is not computed again.
//
//   dotnet fsi experiments/calibration.fsx OUT.csv TEACHER.safetensors DATA CATEGORY METHOD[,METHOD] SEED[,SEED] [EPOCHS]
#load "falcon.fsx"

open System
open System.IO
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Metrics
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness

let arguments = Array.tail fsi.CommandLineArgs
let out, weights, data, category = arguments[0], arguments[1], arguments[2], arguments[3]
let methods, seeds = arguments[4].Split ',', arguments[5].Split ',' |> Array.map int64

let images = DataFolder.Detect(data).Open category

let balanced (threshold: float) (predictions: Prediction array) =
    let share anomalous over =
        let group = predictions |> Array.filter (fun p -> p.Item.IsAnomalous = anomalous)
        float (group |> Array.filter (fun p -> (p.Score > threshold) = over) |> Array.length) / float group.Length

    share false true, (share false false + share true true) / 2.0

let line (values: obj list) = String.Join(",", values)

let backbone = if weights.Contains "kestrel" then "kestrel" else "resnet18"

for name in methods do
    for seed in seeds do
        let id = $"{category},{name},{seed}"

        if not (File.Exists out && File.ReadLines out |> Seq.exists _.StartsWith(id)) then
            let options = (MethodCatalog.Find name).TaughtBy backbone

            let options =
                match Array.tryItem 6 arguments with
                | Some epochs when options.Epochs > 0 -> MethodJson.Set(options, "epochs", Text.Json.Nodes.JsonValue.Create(int epochs))
                | _ -> options

            use teacher = Teacher.Load(weights, backbone, options.DeepestTap)
            let photos = ShotSampler.Default.For(ShotCount.Of 5).Select(images, 5, MasterSeed seed) |> Array.ofSeq
            let clock = Diagnostics.Stopwatch.StartNew()
            use detector = Detector.Train(options, teacher, photos, MasterSeed seed)
            let training = clock.Elapsed.TotalSeconds
            let predictions = detector.Predict(Array.ofSeq images.TestImages) |> Array.ofSeq
            let auroc = ImageRanking([| for p in predictions -> p.Score |], [| for p in predictions -> p.Item.IsAnomalous |]).Auroc.Value
            let best = predictions |> Array.map (fun p -> snd (balanced p.Score predictions)) |> Array.max

            let ways =
                [ "none", (fun () -> [| for p in detector.Predict photos -> p.Score |])
                  "views", (fun () -> HeldOutCalibration.OfViews(detector, photos, MasterSeed seed).Scores |> Array.ofSeq)
                  for way in [ CalibrationWay.LeaveOneOut; CalibrationWay.Folds ] do
                      $"{way}",
                      (fun () ->
                          let plan = CalibrationPlan.Of(options, photos.Length, way)
                          HeldOutCalibration.Run(plan, options, teacher, photos, MasterSeed seed).Scores |> Array.ofSeq) ]

            for way, scores in ways do
                clock.Restart()
                let scores = scores ()
                let seconds = clock.Elapsed.TotalSeconds

                for rate in [ 0.01; 0.05 ] do
                    let alarms, accuracy = balanced (FalseAlarmLimit.Of(scores, rate)) predictions

                    File.AppendAllText(
                        out,
                        line
                            [ id; way; rate; $"{auroc:F4}"; $"{best:F4}"; $"{alarms:F4}"; $"{accuracy:F4}"; $"{training:F1}"; $"{seconds:F1}"
                              String.Join(" ", scores |> Array.map (fun s -> s.ToString "G5")) ]
                        + "\n"
                    )

                let test good = predictions |> Array.filter (fun p -> p.Item.IsAnomalous <> good) |> Array.map _.Score |> Array.sort
                printfn $"{id} {way}: held out {scores |> Array.average:G4}, good {test true |> Array.average:G4}, defective {test false |> Array.average:G4}"
