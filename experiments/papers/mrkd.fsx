// MRKD (Jiang, Cao and Shen, Knowledge-Based Systems 280, 2023, arXiv 2512.15326): MVTec AD, all good images, a Wide-ResNet-50-2, the authors' recipe of 200 epochs
// with their patches for each category.
// Reported beside: image AUROC, pixel AUROC and AUPRO of the paper, for each category and their mean. Categories with other patches are rows of their own here.
//
//   ./falcon run experiments/papers/mrkd.fsx --data MVTEC [--category C] [--teacher FILE]     needs 'falcon weights fetch wide_resnet50_2'
//   ./falcon run experiments/papers/mrkd.fsx --quick                                          on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let quick (options: MrkdOptions) = if arguments.Quick then MrkdOptions(options, InputSize = 64, Epochs = 1) else options

    experiment "paper-mrkd" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 111 ]
        methods [ MrkdOptions() ]
        teacher (Script.teacherOf "wide_resnet50_2" arguments)
        metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    }
    |> Sweep.axis "patches" [ "of the category" ] (fun _ cell -> { cell with Method = quick (MrkdOptions.ForCategory cell.Category) })
    |> Study.withReport
        (Script.reportFolder "paper-mrkd" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
