// Remembering normality (Gu et al., ICCV 2023): MVTec AD, VisA, MPDD and MVTec 3D-AD, all good images, a Wide-ResNet-50-2, forward and backward, the recipe of
// the re-implementation that follows the paper; there is no official code.
// Reported beside: the paper's mean image and pixel AUROC on MVTec AD, from a public benchmark listing.
//
//   ./falcon run experiments/papers/remembering-normality.fsx --data MVTEC --data VISA [--category C] [--teacher FILE]
//   ./falcon run experiments/papers/remembering-normality.fsx --quick                                on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = RememberingNormalityOptions(Backbone = "wide_resnet50_2")

    let options =
        if arguments.Quick then
            RememberingNormalityOptions(options, InputSize = 64, Epochs = 1, Exemplars = 2)
        else
            options

    experiment "paper-remembering-normality" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 0 ]

        methods [ options; RememberingNormalityOptions(options, Direction = MemoryDirection.Backward) ]

        teacher (Script.teacherOf "wide_resnet50_2" arguments)
        metrics [ ImageAuroc; PixelAuroc ]
    }
    |> Study.withReport
        (Script.reportFolder "paper-remembering-normality" arguments)
        [ Table.reported; Table.perCategory ImageAuroc; Table.perCategory PixelAuroc; Plot.roc ]
    |> Study.run arguments.Runtime)
