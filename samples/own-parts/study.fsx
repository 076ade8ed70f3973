// A study of which every part is one's own. --data FOLDER: a folder with parts.csv, see ownData.fsx; without it, one of Falcon's drawn categories.
#load "ownMethod.fsx"
#load "ownMetrics.fsx"
#load "ownData.fsx"
#load "ownReport.fsx"
#load "ownStages.fsx"

open System.IO
open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let parts, choice =
        match arguments.Data with
        | [ folder ] when File.Exists(Path.Combine(folder, "parts.csv")) ->
            Data.from (OwnData.partsList (Path.Combine(folder, "parts.csv"))), OwnData.chosen [ "good-1.png"; "good-3.png" ]
        | _ -> Data.drawn |> Data.categories [ "flange" ], Sampler.seededPermutation

    let study =
        experiment "own-parts" {
            data parts
            shots [ 2 ]
            seeds [ 0 ]
            sampler choice
            methods [ OwnMethod.MeanDistance(InputSize = 64); PatchCoreOptions(InputSize = 64) ]
            teacher (Script.teacher arguments)
            imageScore OwnMetrics.meanOfMap
            featureStages [ OwnStages.standardised ]
            scoreStages [ OwnStages.contrast ]
            metrics [ ImageAuroc; OwnMetrics.PerfectRecall; OwnMetrics.PixelRecall ]
        }

    study
    |> Study.withReport
        (Script.reportFolder "own-parts" arguments)
        [ Table.perCategory OwnMetrics.PerfectRecall; Table.summary; OwnReport.hardest; OwnReport.ordered ]
    |> Study.run arguments.Runtime)
