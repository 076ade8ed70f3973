// STPM (Wang et al., BMVC 2021, arXiv 2103.04257): MVTec AD, all good images, a ResNet-18, the authors' recipe with the 200 epochs of the published figures.
// Reported beside: image AUROC, pixel AUROC and PRO of the authors' code, for each category and their mean.
//
//   ./falcon run experiments/papers/stpm.fsx --data MVTEC [--category C] [--teacher FILE]
//   ./falcon run experiments/papers/stpm.fsx --quick                                        on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = StpmOptions(Epochs = 200)

    experiment "paper-stpm" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 0 ]
        methods [ (if arguments.Quick then StpmOptions(options, InputSize = 64, Epochs = 2) else options) ]
        teacher (Script.teacherOf "resnet18" arguments)
        metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    }
    |> Study.withReport
        (Script.reportFolder "paper-stpm" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
