// What a teacher is worth: PatchCore, PaDiM, STPM and FALCON taught by Falcon's own teacher, by ML.NET's and torchvision's ResNet-18 and by random weights, with 5
// photos and with all.
//
//   ./falcon run experiments/teachers.fsx --data DIR [--data DIR] [--category C] [--teacher FILE] [--only '*patchcore*']    FILE: torchvision's ResNet-18; without it,
//   fetched weights
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let taught photos epochs =
        experiment "teachers" {
            dataSets (Script.dataSets arguments |> Script.smaller arguments)
            shots [ photos ]
            seeds [ 0 ]
            methods [ PatchCoreOptions(); PadimOptions(); StpmOptions(Epochs = epochs); FalconOptions(Epochs = epochs) ]
            teacher Teacher.shipped
            evaluationSize (EvaluationSize.Of(256, 256))
            metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
        }

    let taughtBy name source (cell: Cell) = { cell with Teacher = source; Notes = [ ("teacher", name) ] }

    let teachers =
        { Name = "teacher"
          Points =
            [ for name, source in
                  [ "kestrel", Teacher.shipped
                    "ML.NET's ResNet-18", Teacher.weights "resnet18-mlnet"
                    "torchvision's ResNet-18", Script.teacherOf "resnet18" arguments
                    "none", Teacher.random ] -> name, taughtBy name source ] }

    // Ten passes over hundreds of photos are more steps than a hundred over five, and hours less than a hundred over all.
    let studies = if arguments.Quick then [ taught 2 2 ] else [ taught 5 100; taught Shots.All 10 ]

    Sweep.concat studies
    |> Sweep.along teachers
    |> Study.withReport
        (Script.reportFolder "teachers" arguments)
        [ Table.summary; Table.perCategory ImageAuroc; Table.perCategory PixelAuroc; Plot.cost ImageAuroc ]
    |> Study.run arguments.Runtime)
