module Falcon.Experiments.Tests.StudyTests

open System
open System.Buffers.Binary
open System.IO
open System.IO.Hashing
open System.Threading
open Expecto
open Falcon.Methods
open Falcon.Protocol
open Falcon.Tests
open Falcon
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Imaging
open Falcon.Randomness
open Falcon.Results
open Falcon.Weights

let private runWith listener runtime (study: #IStudy) = Study.runWith listener CancellationToken.None runtime study

let private run runtime (study: #IStudy) = runWith (Listener()) runtime study

let private outcomes (result: StudyResult) =
    [ for _, outcome in result.Outcomes ->
          match outcome with
          | CellOutcome.Computed _ -> "computed"
          | CellOutcome.Kept _ -> "kept"
          | CellOutcome.Failed(failure, _) -> $"failed: {failure.Message}" ]

let private cellFile (result: StudyResult) index name = Path.Combine(result.Folder, "cells", Cell.id (fst result.Outcomes[index]), name)

/// What a study leaves, cell by cell, without times and places.
let private content (result: StudyResult) =
    [ for index in 0 .. result.Outcomes.Length - 1 do
          for name in [ "scores.csv"; "trained.safetensors"; "maps.safetensors" ] -> FileDigest.Sha256(cellFile result index name) ]

/// Damage that only decoding finds: the compressed pixels of a PNG file are others, and its check sums fit them.
let private damage (photos: string) =
    let image = Path.Combine(photos, categories[0], "test/good/0.png")
    let bytes = File.ReadAllBytes image

    let rec mend at =
        let length = int (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(bytes, at, 4)))

        if bytes[at + 4 .. at + 7] = "IDAT"B then
            Array.fill bytes (at + 8 + length / 2) (length / 3) 0uy
            let sum = Crc32.HashToUInt32(ReadOnlySpan(bytes, at + 4, length + 4))
            BinaryPrimitives.WriteUInt32BigEndian(Span(bytes, at + 8 + length, 4), sum)

        if at + 12 + length < bytes.Length then mend (at + 12 + length)

    mend 8
    File.WriteAllBytes(image, bytes)

/// Methods that read pixels, features and what is prepared of both, of whole photos and of tiles.
let private judged: (string * MethodOptions) list =
    [ "FALCON", FalconOptions(Epochs = 1, InputSize = 64)
      "FALCON in tiles", FalconOptions(Epochs = 1, InputSize = 32, Tiling = Tiling(8, 0.75))
      "AAND's amplification in tiles",
      AandAmplificationOptions(
          Backbone = "resnet18",
          Epochs = 1,
          InputSize = 32,
          Foreground = ForegroundShape.Above,
          ForegroundLevel = 120.0,
          Tiling = Tiling(8, 0.75)
      )
      "AAND's amplification of a region of interest",
      AandAmplificationOptions(
          Backbone = "resnet18",
          Epochs = 1,
          InputSize = 32,
          Foreground = ForegroundShape.Above,
          ForegroundLevel = 120.0,
          RegionOfInterest = RegionOfInterest.Of(64, 64, [| [| PixelPoint(8, 8); PixelPoint(60, 20); PixelPoint(20, 60) |] |])
      ) ]

[<Tests>]
let tests =
    testList
        "Study"
        [ test "a study computes every cell, and the same bytes with other workers, other loader threads and a store that is full" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let first = study |> run { runtime (folder.Path "first") with LoaderWorkers = 1 }
              let second = study |> run { runtime (folder.Path "second") with LoaderWorkers = 3; Workers = 2 }
              // Of the first store, all that trainings and scores are made from.
              let third =
                  { study with Seeds = [ 1; 0 ] }
                  |> run { runtime (folder.Path "third") with Store = Some(folder.Path "first-store") }

              Expect.equal (outcomes first) (List.replicate 4 "computed") "outcomes first"
              Expect.equal (content second) (content first) "content second"
              Expect.equal (List.sort (content third)) (List.sort (content first)) "content third"

              let result = first.Results.Head
              Expect.equal result.Images.Count 4 "number of result images"
              Expect.equal (result.Images |> Seq.filter _.IsAnomalous |> Seq.length) 2 "result images is anomalous"
              Expect.isNotNull (result.Find ImageAuroc) "result find image auroc"
              Expect.equal result.Method.Title "FALCON (epochs 1, input size 64, random teacher)" "title of result method"
          }
          test "all photos of good parts are a number of shots of its own" {
              use folder = new Folder()
              writeData (folder.Path "photos")

              let ofShots shots name =
                  { study (folder.Path "photos") with Shots = [ shots ]; Seeds = [ 0 ] } |> run (runtime (folder.Path name))

              let all = ofShots Shots.All "all"
              Expect.equal (outcomes all) (List.replicate 2 "computed") "outcomes all"
              let digests result = [ for index in 0..1 -> FileDigest.Sha256(cellFile result index "trained.safetensors") ]
              Expect.notEqual (digests all) (digests (ofShots 2 "two")) "digests all"
              Expect.equal all.Results.Head.Protocol.Shots ShotCount.All "shots of all results head protocol"
              Expect.stringContains (Cell.id (fst all.Outcomes.Head)) "-all-seed0" "cell all outcomes head"
          }
          testTheory
              "a cell from the store equals the detector that is trained without one, bit for bit"
              (List.map fst judged)
              (fun (name: string) ->
                  use folder = new Folder()
                  writeData (folder.Path "photos")

                  let study = { study (folder.Path "photos") with Seeds = [ 7 ]; Methods = [ List.find (fst >> (=) name) judged |> snd ] }

                  let stored = study |> run (runtime (folder.Path "out"))
                  let cell = fst stored.Outcomes.Head
                  let category = (Falcon.Data.DataFolder.Detect(folder.Path "photos")).Open cell.Category
                  let selected = cell.Sampler.Select(category, cell.Shots, MasterSeed 7L)
                  use teacher = Teacher.Random("resnet18", MasterSeed 0L)
                  use detector = Detector.Train(cell.Method, teacher, selected, MasterSeed 7L, DetectorSource("", "", ""))
                  let scores = [ for prediction in detector.Predict category.TestImages -> prediction.Score ]
                  Expect.equal [ for image in stored.Results.Head.Images -> image.Score ] scores "image score"
                  use maps = SafetensorsFile.Open(cellFile stored 0 "maps.safetensors")

                  for prediction in detector.Predict category.TestImages do
                      Expect.equal (maps.Floats prediction.Item.RelativeName) prediction.Map.Values "maps floats prediction relative name"

                  Expect.equal (study |> run (runtime (folder.Path "out"))).Computed Map.empty "computed by a second run")
          test "what a data set says is looked at of its photos decides, and what was made with another region is not used" {
              use folder = new Folder()
              writeCategories [ "plate" ] (folder.Path "photos")
              let place name = folder.Path $"photos/plate/{name}"

              File.WriteAllText(
                  folder.Path $"photos/{FolderNames.FileName}",
                  """{"normal": "train/good", "normalTest": "test/good", "abnormal": "test/hole", "masks": "ground_truth/hole", "regions": "looked"}"""
              )

              Directory.CreateDirectory(place "looked") |> ignore

              let look (part: int) =
                  ImageFile.WritePng(
                      place "looked/all.png",
                      RasterImage(64, 64, 1, Array.init 4096 (fun i -> if i % 64 < part then 255uy else 0uy))
                  )

              let study =
                  { study (folder.Path "photos") with
                      Data = [ Data.at (folder.Path "photos") |> Data.categories [ "plate" ] ]
                      Seeds = [ 7 ]
                      Methods = [ PatchCoreOptions(InputSize = 64) ]
                      ImageScore = Some(ImageScoreReducer.TopMean 5.0)
                      Metrics = [ PixelAuroc ] }

              let measured () =
                  let result = study |> run (runtime (folder.Path "out"))
                  let cell = fst result.Outcomes.Head
                  let category = (DataFolder.Detect(folder.Path "photos")).Open "plate"
                  use teacher = Teacher.Random("resnet18", MasterSeed 0L)

                  use detector =
                      Detector.Train(cell.Method, teacher, cell.Sampler.Select(category, cell.Shots, MasterSeed 7L), MasterSeed 7L)

                  let predictions = List.ofSeq (detector.Predict(category.TestImages, imageScore = cell.ImageScore))
                  Expect.equal [ for image in result.Results.Head.Images -> image.Score ] [ for p in predictions -> p.Score ] "scores"
                  let beside (p: Prediction) = p.Map.Beside("", p.Item.MaskPath, category.MaskThreshold, 64, 64)
                  let expected = Falcon.Metrics.PixelRanking([| for p in predictions -> beside p |]).Auroc
                  let value = (nonNull (result.Results.Head.Find PixelAuroc)).Value
                  Expect.equal value expected "pixel AUROC of what is looked at"
                  Expect.equal result.Results.Head.Images[0].RegionFile "looked/all.png" "region in the record"
                  value

              look 40
              let first = measured ()
              look 60
              Expect.notEqual (measured ()) first "another region"
              Expect.isEmpty (study |> run (runtime (folder.Path "out"))).Computed "the second region's results are kept"
          }
          test "photos that are smaller than a tile are reported before any work" {
              use folder = new Folder()
              writeData (folder.Path "photos")

              let study = { study (folder.Path "photos") with Methods = [ PatchCoreOptions(InputSize = 64, Tiling = Tiling(8, 0.75)) ] }

              let error = raised<InvalidInputException>(fun () -> study |> run (runtime (folder.Path "out")) |> ignore)
              Expect.hasLength error.Findings 16 "photos of both categories"
              Expect.stringContains error.Message "is 48×48 at the scale of 0.75, smaller than a tile of 64×64" "message"
          }
          test "images are decoded and seen by the teacher exactly once, whatever the number of cells and workers" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Seeds = [ 0..3 ]; Shots = [ 1; 2 ] }
              let runtime = { runtime (folder.Path "out") with Workers = 2 }
              let result = study |> run runtime
              Expect.equal result.Results.Length 16 "number of result results"
              // Per category: four test images, and those of the four to train that some seed selects.
              let read =
                  result.Study.Cells
                  |> List.collect (fun cell ->
                      [ for image in
                            cell.Sampler.Select(
                                (Falcon.Data.DataFolder.Detect(folder.Path "photos")).Open cell.Category,
                                cell.Shots,
                                MasterSeed(int64 cell.Seed)
                            ) -> image.Path ])
                  |> List.distinct

              let images = read.Length + 8
              Expect.equal result.Computed["decode"] images "result computed decode"
              // Scores need layer2 and layer3, the object mask of training images layer1 and layer3.
              Expect.equal result.Computed["teacher-features"] (2 * images + read.Length) "result computed teacher-features"
              Expect.equal result.Computed["class-activation"] read.Length "result computed class-activation"
              Expect.equal [ for stage in [ "train"; "score"; "cell" ] -> result.Computed[stage] ] [ 16; 16; 16 ] "result computed stage"
              Expect.equal (study |> run runtime).Computed Map.empty "computed of study run runtime"
          }
          test "an option computes what depends on it, a metric trains nothing, more shots share what is there" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              study |> run runtime |> ignore
              Expect.equal (study |> run runtime |> outcomes) (List.replicate 4 "kept") "study run runtime outcomes"

              let more = { study with Metrics = [ PixelAuroc; ImageAuroc ] } |> run runtime
              Expect.equal more.Computed (Map [ "cell", 4; "metric", 4 ]) "computed of more"

              Expect.equal
                  [ for value in more.Results.Head.Metrics -> value.Metric.Name ]
                  [ "pixelAuroc"; "imageAuroc" ]
                  "value metric name"

              let changed =
                  study
                  |> Sweep.axis "weight" [ 2.0; 3.0 ] (fun weight ->
                      Method.map (fun (options: FalconOptions) -> FalconOptions(options, NoiseWeight = weight)))
                  |> run runtime

              Expect.equal changed.Computed (Map [ "cell", 4; "metric", 4; "score", 4; "train", 4 ]) "computed of changed"
          }
          test "another image score scores anew, another evaluation size measures anew, and both are said in the protocol" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Metrics = [ ImageAuroc; PixelAuroc ] }
              let runtime = runtime (folder.Path "out")
              let first = study |> run runtime
              let sized = { study with EvaluationSize = EvaluationSize.Of(32, 32) } |> run runtime
              Expect.equal sized.Computed (Map [ "cell", 4; "metric", 4 ]) "computed of sized"

              Expect.notEqual
                  (sized.Results.Head.Find PixelAuroc)
                  (first.Results.Head.Find PixelAuroc)
                  "sized results head find pixel auroc"

              Expect.stringContains sized.Results.Head.Protocol.Line "maps at 32×32" "line of sized results head protocol"

              let pooled = { study with ImageScore = Some(ImageScoreReducer.PooledMaximum 8) } |> run runtime
              // Each training is found, and what follows from it is new; the maps themselves are the same.
              Expect.equal pooled.Computed["score"] 4 "pooled computed score"
              Expect.isFalse (pooled.Computed.ContainsKey "train") "pooled computed contains key train"

              Expect.isLessThan
                  pooled.Results.Head.Images[0].Score
                  first.Results.Head.Images[0].Score
                  "score of pooled results head images 0"

              Expect.stringContains pooled.Results.Head.Protocol.Line "averaged over 8×8 pixels" "line of pooled results head protocol"
          }
          test "a change of the images computes the cells that use them" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              study |> run runtime |> ignore
              let category = Path.Combine(folder.Path "photos", categories[1])
              File.Copy(Path.Combine(category, "test/good/1.png"), Path.Combine(category, "test/good/0.png"), true)
              let changed = study |> run runtime
              Expect.equal (outcomes changed) [ "kept"; "kept"; "computed"; "computed" ] "outcomes changed"
              // The copied image is known already, and no training reads it.
              Expect.equal changed.Computed (Map [ "cell", 2; "metric", 2; "score", 2 ]) "computed of changed"
          }
          test "features of half precision are other features, and take half the space" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Seeds = [ 0 ] }

              let size format =
                  let result = { study with Features = format } |> run (runtime (folder.Path(string format.Storage)))
                  use store = Store.Store.openAt result.Store

                  result.Results.Head.Images |> Seq.map _.Score |> List.ofSeq,
                  (Store.Store.sizes store |> List.find (fun size -> size.Stage = "teacher-features")).Bytes

              let exact, bytes = size FeatureFormat.exact
              let half, halfBytes = size { FeatureFormat.exact with Storage = Float16 }
              Expect.notEqual half exact "half"

              for exact, half in List.zip exact half do
                  Expect.isBetween half (0.97 * exact) (1.03 * exact) "half"

              Expect.isBetween halfBytes (bytes / 2L - 1L) (bytes * 52L / 100L) "half bytes"
          }
          test "the time that is left is that of the training that runs, of several that a cell takes" {
              let cell = (study "photos" :> IStudy).Sweep.Cells.Head
              let lines = new StringWriter()
              let mutable now = DateTime(2026, 1, 1)
              let told = PlainLines(lines, Normal, (fun () -> now)) :> IProgress<StudyEvent>

              for epoch, seconds in [ 1, 0.0; 11, 100.0; 1, 1000.0; 6, 50.0 ] do
                  now <- now.AddSeconds seconds
                  told.Report(CellTraining(cell, Falcon.Training.TrainingProgress(epoch, 12, 0L, [])))

              let said = [ for line in (string lines).TrimEnd().Split '\n' -> line.Substring(line.IndexOf ':') ]
              Expect.equal said [ ": epoch 11/12, about 10 s left"; ": epoch 6/12, about 60 s left" ] "lines"
          }
          test "what libtorch says is told without the places in its code" {
              let error =
                  exn
                      "all elements should be between 0 and 1\nException raised from loss at Loss.cpp:279:\nframe #0: c10 (0x7e in libc10.so)"

              Expect.equal (Findings.message error) "all elements should be between 0 and 1" "message"
          }
          test "a cell that fails stays failed and visible with its log, the others go on, and it is tried again when asked" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              damage (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              let kinds result = [ for outcome in outcomes result -> outcome.Split(':')[0] ]
              let result = study |> run runtime
              Expect.equal (kinds result) [ "failed"; "failed"; "computed"; "computed" ] "kinds result"
              let cell, failure = result.Failed.Head
              Expect.stringContains failure.Message "test/good/0.png" "message of failure"
              let log = Path.Combine(result.Folder, "cells", Cell.id cell, "failure.log")
              Expect.stringStarts (File.ReadAllText log) failure.Message "text of failure log"

              let started (listener: Listener) =
                  [ for event in listener.Events do
                        match event with
                        | CellStarted(cell, _) -> Cell.id cell
                        | _ -> () ]

              let again, retried = Listener(), Listener()

              Expect.equal
                  (study |> runWith again runtime |> kinds)
                  [ "failed"; "failed"; "kept"; "kept" ]
                  "study run with again runtime kinds"

              Expect.isEmpty (started again) "started again"
              study |> runWith retried { runtime with RetryFailed = true } |> ignore
              Expect.equal (started retried) [ for cell, _ in result.Failed -> Cell.id cell ] "started retried"
          }
          test "a folder that cannot be written loses nothing" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              let second = Experiment.cells study |> List.item 1 |> Cell.id
              let obstacle = Path.Combine(folder.Path "out", "cells", second, "cell.json")
              Directory.CreateDirectory obstacle |> ignore
              let listener = Listener()

              Expect.equal
                  (study |> runWith listener runtime |> outcomes)
                  (List.replicate 4 "computed")
                  "study run with listener runtime outcomes"

              Expect.exists
                  listener.Events
                  ((fun event ->
                      match event with
                      | StudyWarning text -> text.Contains second
                      | _ -> false))
                  "events of listener"

              Directory.Delete obstacle
              Expect.equal (study |> run runtime |> outcomes) (List.replicate 4 "kept") "study run runtime outcomes"
              Expect.isTrue (File.Exists obstacle) "file exists obstacle"
          }
          test "only the cells that are named are run" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")
              let runtime = runtime (folder.Path "out")
              let result = study |> run { runtime with Only = [ "*plate*seed1" ] }

              Expect.equal
                  [ for cell, _ in result.Outcomes -> Cell.id cell ]
                  [ "photos-plate-falcon+epochs=1+inputSize=64-2shot-seed1" ]
                  "cell"

              let error = raised<InvalidInputException>(fun () -> study |> run { runtime with Only = [ "none" ] } |> ignore)
              Expect.stringContains error.Message "no cell has such a name: none" "message of error"
          }
          test "a cancelled study keeps what is finished, goes on in the middle of a training, and ends with the same bytes" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = { study (folder.Path "photos") with Methods = [ FalconOptions(Epochs = 6, InputSize = 64) ] }
              let straight = study |> run (runtime (folder.Path "straight"))
              let runtime = runtime (folder.Path "out")
              use cancellation = new CancellationTokenSource()

              let cancelInSecond =
                  { new IProgress<StudyEvent> with
                      member _.Report event =
                          match event with
                          | CellTraining(cell, progress) when cell.Seed = 1 && progress.Epoch = 3 -> cancellation.Cancel()
                          | _ -> () }

              Expect.throwsT<OperationCanceledException>
                  (fun () -> Study.runWith cancelInSecond cancellation.Token runtime study |> ignore)
                  "run with cancel is cancelled"

              let planned = Study.plan runtime study
              Expect.equal planned.Cells[1].Reason "continues at epoch 4" "plan"
              Expect.isLessThan planned.Cells[1].Expected.Value planned.Cells[2].Expected.Value "only what is left takes time"

              let listener = Listener()
              let resumed = study |> runWith listener runtime
              let lines = new StringWriter()

              for event in listener.Events do
                  (PlainLines(lines, Normal) :> IProgress<StudyEvent>).Report event

              Expect.stringContains (string lines) $"{Cell.id planned.Cells[1].Cell}: continues at epoch 4" "what the run says"
              Expect.equal (outcomes resumed) [ "kept"; "computed"; "computed"; "computed" ] "outcomes resumed"

              let first =
                  listener.Events
                  |> List.pick (fun event ->
                      match event with
                      | CellTraining(_, progress) -> Some progress.Epoch
                      | _ -> None)

              Expect.equal first 3 "first"
              Expect.equal (content resumed) (content straight) "content resumed"
              Expect.isEmpty (Directory.GetDirectories(Path.Combine(runtime.Store.Value, "checkpoints"))) "folders runtime checkpoints"
          }
          test "everything that is wrong is found at once, before any work" {
              use folder = new Folder()
              writeData (folder.Path "photos")

              let wrong =
                  experiment "wrong" {
                      dataSets
                          [ Data.at (folder.Path "photos") |> Data.categories [ categories[0]; "absent" ]
                            Data.at (folder.Path "nowhere") |> Data.categories [ "bottle" ] ]

                      shots [ 5 ]
                      seeds [ 0 ]
                      methods [ FalconOptions(Epochs = 0); FalconOptions(Epochs = 0) ]
                      teacher (Teacher.file (folder.Path "teacher.pth"))
                  }

              let error = raised<InvalidInputException>(fun () -> wrong |> run (runtime (folder.Path "out")) |> ignore)

              let findings = [ for finding in error.Findings -> string finding ]

              for expected in [ "absent"; "nowhere"; "teacher.pth"; "Epochs"; "stands 2 times in methods"; categories[0] ] do
                  Expect.isTrue (findings |> List.exists _.Contains(expected)) $"""{expected} is not in {String.Join("; ", findings)}"""

              Expect.isFalse (Directory.Exists(folder.Path "out")) "folder exists out"
          }
          test "impossible shots, seeds and limits, and what stands twice, are findings" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let study = study (folder.Path "photos")

              let faults (study: Experiment) = [ for finding in Study.check (runtime (folder.Path "out")) study -> finding.What ]

              Expect.equal (faults { study with Shots = [ -2; 0 ] }) [ "-2 is no number of shots"; "0 is no number of shots" ] "shots"
              Expect.equal (faults { study with Seeds = [ -1 ] }) [ "-1 is no seed" ] "seeds"
              Expect.equal (faults { study with Seeds = [ 1; 0; 1 ] }) [ "1 stands 2 times in seeds" ] "seeds that repeat"
              Expect.equal (faults { study with Shots = [ Shots.All; Shots.All ] }) [ "all stands 2 times in shots" ] "shots that repeat"
              let of' names = Data.at (folder.Path "photos") |> Data.categories names
              let twice = [ "plate of photos stands 2 times in dataSets" ]
              Expect.equal (faults { study with Data = [ of' [ "plate"; "cloth" ]; of' [ "plate" ] ] }) twice "categories that repeat"
              Expect.isEmpty (faults { study with Data = [ of' [ "plate" ]; of' [ "cloth" ] ] }) "one data set, category by category"
              let limit = raised<InvalidInputException>(fun () -> Aupro 30.0 |> ignore)
              Expect.stringContains limit.Message "30 is no rate of false positives" "limit"
          }
          test "findings that say the same of many places are one line" {
              let lines (findings: Finding list) =
                  use writer = new StringWriter()
                  Findings.write writer findings
                  writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries) |> List.ofArray

              let missing = [ for index in 1..63 -> Finding("has no mask", $"{index}.png", "Add it.") ]

              Expect.equal
                  (lines (missing @ [ Finding("is empty", "a.csv", "Fill it.") ]))
                  [ "falcon: 2 problems"
                    "error: 1.png, 2.png, 3.png and 60 more: has no mask"
                    "  fix: Add it."
                    "error: a.csv: is empty"
                    "  fix: Fill it." ]
                  "lines"
          }
          test "a folder that is not there is said to be so, and how paths are read" {
              let fix path =
                  (Seq.exactlyOne (raised<InvalidInputException>(fun () -> DataFolder.Detect path |> ignore)).Findings).Fix

              Expect.stringContains (fix "nowhere") $"relative to {Directory.GetCurrentDirectory()}" "a relative path"
              Expect.stringContains (fix "~/photos") "'~' is not expanded" "a home folder"
              Expect.stringContains (fix "/tmp/nowhere/photos") "/tmp is there" "a whole path"
          }
          test "methods that see the teacher at different depths share a study" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let forward = RememberingNormalityOptions(Epochs = 1, InputSize = 64, Exemplars = 2)
              let backward = Falcon.Methods.RememberingNormalityOptions(forward, Direction = Falcon.Methods.MemoryDirection.Backward)

              let result =
                  { study (folder.Path "photos") with Seeds = [ 0 ]; Methods = [ forward; backward ] }
                  |> run (runtime (folder.Path "out"))

              Expect.isEmpty result.Failed "failed of result"
          } ]
