// Reverse distillation (Deng and Li, CVPR 2022, arXiv 2201.10703): MVTec AD, all good images, a Wide-ResNet-50-2, the authors' recipe of 200 epochs.
// Reported beside: image AUROC, pixel AUROC and PRO of the paper, for each category and their mean.
//
//   ./falcon run experiments/papers/reverse-distillation.fsx --data MVTEC [--category C] [--teacher FILE]     needs 'falcon weights fetch wide_resnet50_2'
//   ./falcon run experiments/papers/reverse-distillation.fsx --quick                                          on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = ReverseDistillationOptions()

    experiment "paper-reverse-distillation" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 0 ]
        methods [ (if arguments.Quick then ReverseDistillationOptions(options, InputSize = 64, Epochs = 1) else options) ]
        teacher (Script.teacherOf "wide_resnet50_2" arguments)
        metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    }
    |> Study.withReport
        (Script.reportFolder "paper-reverse-distillation" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
