// A cold sweep of twelve FALCON cells (2 categories × 2 shots × 3 seeds) with the store, against the same cells one after another without it: each decodes and
// looks at its own images, with all cores for each tensor operation. Both measure image and pixel AUROC.
//
//   dotnet fsi tests/bench/cold_sweep.fsx DATA CATEGORY CATEGORY TEACHER EPOCHS
#load "../../experiments/falcon.fsx"

open System
open System.Diagnostics
open System.IO
open System.Threading
open Falcon.Backbones
open Falcon.Detection
open Falcon.Experiments
open Falcon.Methods
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Training

let arguments = fsi.CommandLineArgs |> List.ofArray |> List.tail

let images, names, weights, epochs =
    match arguments with
    | [ data; first; second; teacher; epochs ] -> data, [ first; second ], teacher, int epochs
    | _ -> failwith "usage: cold_sweep.fsx DATA CATEGORY CATEGORY TEACHER EPOCHS"

let sets =
    [ for folder, name in
          List.zip
              (images.Split ','
               |> List.ofArray
               |> fun folders -> if folders.Length = 1 then List.replicate 2 folders[0] else folders)
              names -> Data.at folder |> Data.categories [ name ] ]

let study =
    experiment "cold" {
        dataSets sets
        shots [ 2; 5 ]
        seeds [ 0..2 ]
        methods [ FalconOptions(Epochs = epochs) ]
        teacher (Teacher.file weights)
        metrics [ ImageAuroc; PixelAuroc ]
    }

let timed (action: unit -> 'Value) =
    let watch = Stopwatch.StartNew()
    let value = action ()
    value, watch.Elapsed.TotalSeconds

let withStore () =
    let store = Directory.CreateTempSubdirectory("falcon-bench-").FullName

    let silent =
        { new IProgress<StudyEvent> with
            member _.Report _ = () }

    let result = Study.runWith silent CancellationToken.None { Runtime.local with Store = Some store } study
    Directory.Delete(store, true)
    result

let without () =
    ComputeThreads.Use ComputeThreads.Cores
    use file = Falcon.Weights.WeightFile.Open weights
    let backbone = string (StoredArchitecture.Of file)
    use teacher = Teacher.Load(weights, backbone)

    for cell in Experiment.cells study do
        let folder =
            match cell.Data.Origin with
            | DataOrigin.Folder folder -> folder
            | _ -> failwith "a folder of categories is wanted"

        let category = (Falcon.Data.DataFolder.Detect folder).Open cell.Category
        let selected = cell.Sampler.Select(category, cell.Shots, MasterSeed(int64 cell.Seed))

        use detector =
            Detector.Train(cell.Method.TaughtBy backbone, teacher, selected, MasterSeed(int64 cell.Seed), DetectorSource("", "", ""))

        let predictions = detector.Predict category.TestImages |> Array.ofSeq

        let samples =
            [| for prediction in predictions do
                   let mask =
                       match prediction.Item.MaskPath with
                       | null -> ReadOnlyMemory.Empty
                       | path -> ReadOnlyMemory(Falcon.Data.DefectMask.Read(path, category.MaskThreshold).Pixels)

                   AnomalyMapSample(
                       prediction.Item.RelativeName,
                       prediction.Width,
                       ReadOnlyMemory (prediction.Map.Resize(prediction.Width, prediction.Height)).Values,
                       mask
                   ) |]

        let ranking =
            ImageRanking(
                [| for prediction in predictions -> prediction.Score |],
                [| for prediction in predictions -> prediction.Item.IsAnomalous |]
            )

        printfn "  %s: %A %A" (Cell.id cell) (ImageAuroc.Of ranking) (PixelAuroc.Of(ranking, PixelRanking samples))

let result, stored = timed withStore

for cell in result.Results do
    printfn
        "  %s %O shots seed %d: %A %A"
        cell.Category
        cell.Protocol.Shots
        cell.Seed
        (cell.Find ImageAuroc).Value
        (cell.Find PixelAuroc).Value

printfn "with the store: %.1f s, computed %A" stored result.Computed
let (), alone = timed without
printfn "without: %.1f s; ratio %.2f; peak %d MB" alone (alone / stored) (Process.GetCurrentProcess().PeakWorkingSet64 / 1000000L)
