module Falcon.Cli.Tests.DetectorVerbsTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Imaging
open Falcon.Metrics
open Expecto
open Falcon.Tests

/// A small drawn category: three good training images, two good test images and one of each defect.
let private category (folder: string) =
    DrawnDataSet.Write(folder, DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    Path.Combine(folder, "fabric")

let private small = "--teacher random --threads 1 --set inputSize=64"

let private json (outcome: Command.Outcome) = JsonDocument.Parse(outcome.Out).RootElement

let private succeed words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
    outcome

/// What is said of a command that is refused for its input.
let private refused words problem =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.InvalidInput words
    Expect.stringContains outcome.Error problem words
    outcome.Error

[<Tests>]
let tests =
    testList
        "Detector verbs"
        [ test "a trained model predicts and is evaluated" {
              use folder = new Scratch.Folder()
              let data = category (folder.File "data")
              let model, out = folder.File "fabric.falcon", folder.File "predictions"

              let trained = succeed $"train --data {data} --shots 2 --epochs 1 {small} --out {model} --json" |> json
              Expect.equal (trained.GetProperty("images").GetArrayLength()) 2 "trained images"
              Expect.isTrue (File.Exists model) "file exists model"

              let calibration (outcome: JsonElement) = outcome.GetProperty "calibration"
              Expect.equal ((calibration trained).GetProperty("way").GetString()) "folds" "way"
              Expect.equal ((calibration trained).GetProperty("heldOutScores").GetArrayLength()) 2 "held-out scores"

              let uncalibrated = $"--data {data} --shots 2 {small} --calibration none --json"
              let known = succeed $"train {uncalibrated} --epochs 1 --out {model}.known" |> json
              let adopted = succeed $"train {uncalibrated} --weights {model} --out {model}.again" |> json
              Expect.equal (adopted.GetProperty("threshold").GetDouble()) (known.GetProperty("threshold").GetDouble()) "adopted threshold"

              let scores = succeed $"eval --model {model} --data {data} --json --threads 1" |> json

              for metric in [ "imageAuroc"; "imageAp"; "imageF1Max" ] do
                  Expect.isBetween (scores.GetProperty(metric).GetDouble()) 0.0 1.0 "scores metric"

              let predicted = succeed $"predict --model {model} {data}/test --out {out} --maps full --json --threads 1"
              Expect.equal predicted.Out (File.ReadAllText(Path.Combine(out, "predictions.json"))) "out of predicted"
              let images = (json predicted).GetProperty "images"

              Expect.equal
                  (File.ReadAllLines(Path.Combine(out, "predictions.csv")).Length)
                  (images.GetArrayLength() + 1)
                  "lines predictions.csv"

              let good = images.EnumerateArray() |> Seq.find (fun image -> image.GetProperty("image").GetString() = "good/000.png")
              Expect.equal (ImageFile.ReadShape(Path.Combine(out, "overlays/good/000.png"))) (ImageShape(64, 64, 3)) "read shape"

              let map = File.ReadAllBytes(Path.Combine(out, "maps/good/000.npy"))
              Expect.equal map.Length (128 + 4 * 64 * 64) "bytes of the map file"
              let largest = Seq.max [ for i in 128..4 .. map.Length - 4 -> System.BitConverter.ToSingle(map, i) ]
              Expect.floatClose (within 5e-7) (float largest) (good.GetProperty("score").GetDouble()) "largest"
          }
          test "a head is trained once on defects of another data set and serves several categories" {
              use folder = new Scratch.Folder()
              DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 2, 1, 1, [| "fabric"; "flange" |]))
              let tower = "--teacher random --backbone clip_vit_p16_w8_h2_d4_g4_o4 --threads 1 --set inputSize=64"
              let head, data = folder.File "head.falcon", folder.File "data"

              succeed $"train --method fdsl-head --auxiliary {data} --auxiliary-category fabric {tower} --epochs 1 --out {head}"
              |> ignore

              let model = folder.File "flange.falcon"

              let trained =
                  succeed $"train --method fdsl --foundation {head} --data {data}/flange --shots 2 {tower} --out {model} --json"
                  |> json

              Expect.equal (trained.GetProperty("method").GetString()) "fdsl" "method"
              let scores = succeed $"eval --model {model} --data {data}/flange --json --threads 1" |> json
              Expect.isBetween (scores.GetProperty("imageAuroc").GetDouble()) 0.0 1.0 "scores"

              let once =
                  $"train --method fdsl --auxiliary {data} --auxiliary-category fabric --data {data}/flange --shots 2 {tower} --set headEpochs=1 --out {model}.2 --json"

              let again = succeed once |> json
              Expect.equal (again.GetProperty("threshold").GetDouble()) (trained.GetProperty("threshold").GetDouble()) "both at once"

              for words, problem in
                  [ $"train --method fdsl --data {data}/flange {tower} --out {model}", "needs another data set, with masks"
                    $"train --method fdsl-head {tower} --out {model}", "needs another data set, with masks"
                    $"train --method fdsl-head --weights {head} {tower} --out {model}", "belong to detectors"
                    $"train --method patchcore --foundation {head} --data {data}/flange --teacher random --out {model}", "builds on nothing"
                    $"predict --model {head} {data}/flange/test --out {data}/out", "detects nothing by itself"
                    $"train --out {model}", "needs images of good parts" ] do
                  refused words problem |> ignore
          }
          test "a detector learns from every good photo when it is told to" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "all.falcon"
              let trained = succeed $"train --method padim --data {data} --shots all {small} --out {model} --json" |> json

              Expect.equal
                  (trained.GetProperty("images").GetArrayLength())
                  (Directory.GetFiles(Path.Combine(data, "train", "good")).Length)
                  "trained images"
          }
          test "the threshold can be changed after training, by hand or for another rate of false alarms" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "m.falcon"
              let trained = succeed $"train --method patchcore --data {data} --shots 3 {small} --out {model} --json" |> json

              let heldOut =
                  [ for score in trained.GetProperty("calibration").GetProperty("heldOutScores").EnumerateArray() -> score.GetDouble() ]

              let threshold (outcome: JsonElement) = outcome.GetProperty("threshold").GetDouble()
              Expect.equal (threshold trained) (FalseAlarmLimit.Of heldOut) "threshold of training"

              let predict words =
                  succeed $"""predict --model {model} {data}/test/good --out {folder.File "p"} --json --threads 1 {words}"""
                  |> json

              Expect.equal (threshold (predict "")) (threshold trained) "the model's"
              let strict = predict "--false-alarms 0.1%"
              Expect.equal (threshold strict) (FalseAlarmLimit.Of(heldOut, 0.001)) "for a rate"
              let byHand = predict "--threshold 3.5"
              Expect.equal (threshold byHand) 3.5 "by hand"

              for image in byHand.GetProperty("images").EnumerateArray() do
                  let score, relative = image.GetProperty("score").GetDouble(), image.GetProperty("relative").GetDouble()
                  Expect.floatClose (within 1e-9) relative (score / 3.5) "relative"
                  Expect.equal (image.GetProperty("anomalous").GetBoolean()) (relative > 1.0) "verdict"
          }
          test "eval says false alarms and misses at the model's threshold, and writes the scores" {
              use folder = new Scratch.Folder()
              let data, model, scores = category (folder.File "data"), folder.File "m.falcon", folder.File "scores.csv"
              succeed $"train --method patchcore --data {data} --shots 3 {small} --out {model}" |> ignore
              let outcome = succeed $"eval --model {model} --data {data} --json --threads 1 --scores {scores}" |> json
              let threshold = outcome.GetProperty("threshold").GetDouble()

              let rows =
                  [ for line in File.ReadAllLines scores |> Array.tail ->
                        let cells = line.Split ','
                        cells[1], float cells[3] ]

              let count wanted = rows |> List.filter wanted |> List.length

              let rate (name: string) =
                  outcome.GetProperty(name).GetProperty("events").GetInt32(), outcome.GetProperty(name).GetProperty("of").GetInt32()

              let isGood (defect, _) = defect = "good"
              Expect.equal (rate "falseAlarms") (count (fun row -> isGood row && snd row > threshold), count isGood) "false alarms"
              Expect.equal (rate "misses") (count (fun row -> not (isGood row) && snd row <= threshold), count (isGood >> not)) "misses"
              Expect.isBetween (outcome.GetProperty("aupro@0.3").GetDouble()) 0.0 1.0 "aupro"
              let kinds = [ for kind in outcome.GetProperty("missesByDefect").EnumerateObject() -> kind.Name ]
              Expect.equal kinds (rows |> List.map fst |> List.filter ((<>) "good") |> List.distinct |> List.sort) "kinds"

              let other = succeed $"eval --model {model} --data {data} --json --threads 1 --false-alarms 0.1%%"
              Expect.isGreaterThan ((json other).GetProperty("threshold").GetDouble()) threshold "threshold of another rate"
              Expect.stringContains other.Error "3 photos alone cannot promise less than" "caution"
              let table = succeed $"eval --model {model} --data {data} --threads 1 --quiet"
              Expect.stringContains table.Out "false alarms" "table"
              Expect.stringContains table.Out "95 % interval" "table"
          }
          test "a model is taught a false alarm in place, says so, and shows what it has been taught" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "m.falcon"
              succeed $"train --method patchcore --data {data} --shots 2 {small} --out {model}" |> ignore
              let photo = Path.Combine(data, "test", "good", "000.png")
              let defects = Directory.GetDirectories(Path.Combine(data, "test")) |> Array.find (fun kind -> not (kind.EndsWith "good"))
              Expect.stringContains (succeed $"teach --model {model}").Out "has been taught nothing" "before"

              let taught = succeed $"teach --model {model} {photo} --defects {defects} --json --threads 1" |> json
              Expect.equal (taught.GetProperty("defects").GetArrayLength()) 1 "defects"
              let lesson = taught.GetProperty("history")[0]
              Expect.equal (lesson.GetProperty("image").GetString()) "000.png" "history"

              let predicted = succeed $"""predict --model {model} {photo} --out {folder.File "p"} --json --threads 1""" |> json
              let image = predicted.GetProperty("images")[0]
              Expect.isFalse (image.GetProperty("anomalous").GetBoolean()) "the photo passes"
              Expect.equal (image.GetProperty("score").GetDouble()) (lesson.GetProperty("scoreAfter").GetDouble()) "its score"

              let shown = succeed $"teach --model {model}"
              Expect.stringContains shown.Out "000.png" "table"
              let other = Path.Combine(data, "test", "good", "001.png")
              let further = succeed $"teach --model {model} --out {model}.2 {other} --threads 1"

              for line in [ "001.png: "; "threshold"; "remembered defects: "; $"model: {model}.2" ] do
                  Expect.stringContains further.Out line "said"

              for words, problem in
                  [ $"teach --model {model} {photo}", "has been taught already"
                    $"teach --model {model} {photo}x", "there is no such image or folder"
                    $"teach --model {model} {other} --epochs 0", "0 is too small" ] do
                  refused words problem |> ignore

              // Bad photos are named all at once, wherever they stand.
              for name in [ "bad.png"; "worse.png" ] do
                  File.WriteAllText(folder.File name, "no image")

              let bad, worse = folder.File "bad.png", folder.File "worse.png"

              for words in
                  [ $"teach --model {model} {bad} {other} --defects {worse}"
                    $"""export --model {model} --out {folder.File "m.onnx"} --photos {bad} {worse}""" ] do
                  Expect.stringContains (refused words bad) worse words
          }
          test "with --strict nothing is written when a known defect is missed that was caught" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "m.falcon"
              succeed $"train --method patchcore --data {data} --shots 2 {small} --out {model}" |> ignore
              let photo, twin = Path.Combine(data, "test", "good", "000.png"), folder.File "twin.png"
              let image = ImageFile.ReadRgb photo
              image.Pixels[0] <- image.Pixels[0] ^^^ 1uy
              ImageFile.WritePng(twin, image)
              use detector = Falcon.Detection.Detector.Load model
              detector.Threshold <- 1e-3
              detector.Save model
              let before = File.ReadAllBytes model
              let message = refused $"teach --model {model} {photo} --defects {twin} --strict --threads 1" "twin.png: was caught at"
              Expect.stringContains message "is missed now" "message"
              Expect.equal (File.ReadAllBytes model) before "model"
              let warned = succeed $"teach --model {model} {photo} --defects {twin} --threads 1"
              Expect.stringContains warned.Error "twin.png: was caught at" "warning"
              Expect.stringContains warned.Out "threshold raised from 0.001" "threshold"
          }
          test "a method that trains says when it needs the photos that it was trained on" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "m.falcon"
              succeed $"train --method stpm --data {data} --shots 2 --epochs 1 {small} --no-photos --out {model}" |> ignore
              let photo = Path.Combine(data, "test", "good", "000.png")
              refused $"teach --model {model} {photo} --threads 1" "Give them, too (--data FOLDER)" |> ignore
              let taught = succeed $"teach --model {model} {photo} --data {data} --threads 1 --json" |> json
              Expect.isGreaterThan (taught.GetProperty("epochs").GetInt32()) 0 "epochs"
          }
          test "what cannot be a calibration is said before work starts" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "m.falcon"
              let train shots = $"train --method patchcore --data {data} {small} --shots {shots} --out {model}"

              for words, problem in
                  [ $"{train 3} --calibration twice", "'twice' is no way of calibrating"
                    $"{train 3} --false-alarms 60%%", "'60%' is no rate of false alarms"
                    $"{train 3} --calibration none --strict", "photos that are not held out cannot be compared"
                    $"{train 1} --calibration loo", "one photo cannot be held out of itself" ] do
                  refused words problem |> ignore

              Expect.isFalse (File.Exists model) "model"
              let alone = succeed $"train --method patchcore --data {data} {small} --shots 1 --out {model}"
              Expect.stringContains alone.Error "one photo says nothing of how good parts differ" "warning"
              let alone = succeed $"train --method patchcore --data {data} {small} --shots 1 --out {model} --json"
              let cautions = (json alone).GetProperty("calibration").GetProperty("cautions")
              Expect.stringContains (string (cautions[0].GetString())) "views of photos" "caution for programs"

              for threshold in [ "nan"; "0"; "-1" ] do
                  let outcome = Command.run $"""predict --model {model} --threshold {threshold} --out {folder.File "p"} {data}/test"""
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput threshold
                  Expect.stringContains outcome.Error "is no threshold" threshold

              let both = Command.run $"""predict --model {model} {data}/test --out {folder.File "p"} --threshold 1 --false-alarms 1%%"""
              Expect.equal both.ExitCode ExitCode.InvalidInput "two thresholds"
              Expect.stringContains both.Error "two thresholds" "message"
          }
          test "a place that takes no results is named before the work starts" {
              use folder = new Scratch.Folder()
              let data, model, file = category (folder.File "data"), folder.File "m.falcon", folder.File "file"
              File.WriteAllText(file, "x")
              succeed $"train --method patchcore --data {data} --shots 2 {small} --out {model}" |> ignore
              let photo = Path.Combine(data, "train", "good", "000.png")

              for words, problem in
                  [ $"predict --model {model} {data}/test --out {file}", "a file has this name"
                    $"predict --model {model} {data}/test --out {file}/below", "is a file"
                    $"train --method patchcore --data {data} --shots 2 {small} --out {file}/m", "is a file"
                    $"train --method patchcore --data {data} --shots 2 {small} --out {photo}", "an image has this name"
                    $"eval --model {model} --data {data} --scores {data}", "a folder has this name" ] do
                  let error = refused words problem
                  Expect.equal (error.Trim().Split('\n').Length) 2 words
          }
          test "tiles are arguments of their own, which set the method's input, and the model keeps them" {
              use folder = new Scratch.Folder()
              let data, model, out = category (folder.File "data"), folder.File "tiles.falcon", folder.File "out"
              let train = $"train --method patchcore --data {data} --shots 2 --teacher random --threads 1 --out {model}"
              succeed $"{train} --tile 32 --scale 0.75" |> ignore
              let options = (Falcon.Detection.Detector.CardOf model).Method :?> Falcon.Methods.PatchCoreOptions
              Expect.equal (string options.InputSize, string options.Tiling) ("32", "4@0.75") "size of tiles, overlap and scale"
              succeed $"predict --model {model} {data}/test --out {out} --threads 1" |> ignore
              succeed $"eval --model {model} --data {data} --threads 1" |> ignore

              for words, problem in
                  [ $"{train} --overlap 8", "there are no tiles"
                    $"{train} --tile 32 --overlap 32", "--overlap 32"
                    $"{train} --tile 32 --overlap -4", "0 to 31 pixels"
                    $"{train} --tile 100", "--tile 100"
                    $"{train} --tile 32 --scale 0", "--scale 0"
                    $"train --data {data} --teacher kestrel --backbone resnet34 --out {model}",
                    "names the backbone resnet34, and this teacher is a resnet18"
                    $"{train} --tile 64 --scale 0.5", "smaller than a tile"
                    $"{train} --tile wide", "--tile wide" ] do
                  refused words problem |> ignore
          }
          test "a region of interest is a mask or a polygon, and the model keeps it" {
              use folder = new Scratch.Folder()
              let data, model, out = category (folder.File "data"), folder.File "roi.falcon", folder.File "out"
              let train = $"train --method patchcore --data {data} --shots 2 {small} --out {model}"
              let trained (roi: string) = Command.runWith [| yield! train.Split ' '; "--roi"; roi |]
              let mask = folder.File "mask.png"
              ImageFile.WritePng(mask, RasterImage(64, 64, 1, Array.init 4096 (fun i -> if i % 64 < 32 then 255uy else 0uy)))

              for roi, area in [ mask, 2048; "8,8 40,8 40,40 8,40", 1024; "0,0 8,0 8,8 0,8;60,60 64,60 64,64 60,64", 80 ] do
                  let outcome = trained roi
                  Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
                  Expect.equal (nonNull (Falcon.Detection.Detector.CardOf model).Method.RegionOfInterest).Area area roi

              succeed $"predict --model {model} {data}/test --out {out} --threads 1" |> ignore
              let evaluated = succeed $"eval --model {model} --data {data} --threads 1"
              Expect.stringContains evaluated.Error "no defect in the region of interest" "two corners, where no defect is"

              for roi, problem in
                  [ "nowhere.png", "neither a file nor a polygon"
                    "1,1 5,5", "fewer than three corners"
                    "1,1 5,5 1,90", "which are 64×64" ] do
                  let outcome = trained roi
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput roi
                  Expect.stringContains outcome.Error problem roi
          }
          test "where photos have regions of interest of their own, later ones bring theirs, or that is said" {
              use folder = new Scratch.Folder()
              let data, model, out = category (folder.File "data"), folder.File "own.falcon", folder.File "out"

              File.WriteAllText(
                  Path.Combine(data, "falcon-data.json"),
                  """{"normal": "train/good", "normalTest": "test/good", "regions": "looked"}"""
              )

              let mask name =
                  let path = Path.Combine(data, "looked", name)
                  Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
                  ImageFile.WritePng(path, RasterImage(64, 64, 1, Array.init 4096 (fun i -> if i % 64 < 32 then 255uy else 0uy)))

              mask "other/000.png"
              let train = $"train --method patchcore --data {data} --shots 2 {small} --out {model}"
              refused train "holds no mask that belongs to an image" |> ignore
              mask "all.png"
              succeed train |> ignore
              refused $"{train} --roi {data}/looked/all.png" "has a region of interest of its own" |> ignore
              let photos = $"{data}/test/good --threads 1"
              let whole = succeed $"predict --model {model} --out {out} {photos}"
              Expect.stringContains whole.Error "give their masks, --regions FOLDER" "a caution"
              let looked = succeed $"predict --model {model} --out {out}2 --regions {data}/looked {photos}"
              Expect.isFalse (looked.Error.Contains "--regions") "no caution"
              File.Copy(Path.Combine(data, "looked", "all.png"), Path.Combine(data, "looked", "other", "001.png"))
              File.Delete(Path.Combine(data, "looked", "other", "000.png"))

              refused $"predict --model {model} --out {out}3 --regions {data}/looked/other {photos}" "has no mask for 000.png"
              |> ignore

              refused $"predict --model {model} --out {out}3 --regions {data}/looked/all.png {photos}" "is a file" |> ignore
              let taught = succeed $"teach --model {model} --regions {data}/looked {photos} --json" |> json
              Expect.equal (taught.GetProperty("images").GetArrayLength()) 2 "photos taught"
          }
          test "a photo that is remembered as a defect is not learnt as a good one, and defects alone teach nothing" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "m.falcon"
              succeed $"train --method patchcore --data {data} --shots 2 {small} --out {model}" |> ignore
              let good kind name = Path.Combine(data, kind, "good", name)
              let photo, other = good "test" "000.png", good "test" "001.png"
              refused $"teach --model {model} --defects {photo} {other}" "there is no good photo to teach" |> ignore
              succeed $"teach --model {model} {photo} --defects {other} --threads 1" |> ignore
              refused $"teach --model {model} {other} --threads 1" "is among the defects" |> ignore
          }
          test "an option that files leave out unless it is set can be set" {
              let options =
                  Falcon.Experiments.MethodSettings.resolve "padim" None [ "inputSize=224"; "shorterSide=256" ]
                  :?> Falcon.Methods.PadimOptions

              Expect.equal options.ShorterSide (System.Nullable 256) "shorter side of options"
          }
          test "everything wrong with a training is said at once, before work starts" {
              use folder = new Scratch.Folder()

              let outcome =
                  Command.run
                      $"""train --data {folder.File "nowhere"} --teacher none.pth --out {folder.File ""} --shots 0 --set noiseWait=1 --set noiseWeight=x --epochs 0"""

              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.isEmpty outcome.Out "out of outcome"

              for problem in [ "nowhere"; "none.pth"; "--out"; "--shots"; "'noiseWeight'"; "'x' is not a value of noiseWeight"; "Epochs" ] do
                  Expect.stringContains outcome.Error problem "error of outcome"
          }
          test "images that are not there and folders without images are all named" {
              use folder = new Scratch.Folder()
              let empty = Directory.CreateDirectory(folder.File "empty").FullName
              let outcome = Command.run $"""predict --model {folder.File "m"} --out {folder.File "o"} {folder.File "a.png"} {empty}"""
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"

              for name in [ "/m:"; "a.png"; "empty" ] do
                  Expect.stringContains outcome.Error name "error of outcome"

              Expect.isFalse (Directory.Exists(folder.File "o")) "folder exists o"
          }
          test "a device that the machine lacks exits with 2" {
              use folder = new Scratch.Folder()
              let data = category (folder.File "data")
              let outcome = Command.run $"""train --data {data} {small} --shots 2 --device cuda:99 --out {folder.File "m"}"""
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.stringContains outcome.Error "cuda:99" "error of outcome"
          }
          test "an interrupt stops a training and leaves what the same command goes on from, which is said" {
              use folder = new Scratch.Folder()
              let data = category (folder.File "data")
              use training = Command.start [] $"""train --data {data} {small} --shots 2 --epochs 100000 --out {folder.File "m.falcon"}"""

              let rec awaitProgress () =
                  match training.StandardError.ReadLine() with
                  | null -> failwith "The training ended by itself."
                  | line when line.StartsWith "training:" -> ()
                  | _ -> awaitProgress ()

              awaitProgress ()
              Command.signal "INT" training
              let outcome = Command.finish training
              Expect.equal outcome.ExitCode 130 "exit code of outcome"
              Expect.stringEnds (outcome.Error.TrimEnd()) "falcon: cancelled" "outcome error"
              let left = folder.File "m.falcon.checkpoint"
              Expect.stringContains outcome.Error $"what is done is in {left}" "said"
              Expect.equal folder.Names [| "data"; "m.falcon.checkpoint" |] "names of folder"
          } ]
