// PCSNet (Jiang, Cao and Shen, IEEE TNNLS 2024, arXiv 2512.15319): MVTec AD and MPDD with 2, 4 and 8 good images, a Wide-ResNet-50-2, the authors' recipe of 50 epochs
// with their patches for each category.
// Reported beside: image AUROC and pixel AUROC of the authors' repository, means over categories; its code reports the best of five epochs on the test images, Falcon
// the last epoch. Categories with other patches are rows of their own here.
//
//   ./falcon run experiments/papers/pcsnet.fsx --data MVTEC [--category C] [--teacher FILE]     needs 'falcon weights fetch wide_resnet50_2'
//   ./falcon run experiments/papers/pcsnet.fsx --quick                                          on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let quick (options: PcsNetOptions) =
        if arguments.Quick then
            PcsNetOptions(options, InputSize = 64, Epochs = 1, Grid = 8, SegmentationChannels = 16, Bins = PyramidBins(6, 4, 3, 2))
        else
            options

    experiment "paper-pcsnet" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots (if arguments.Quick then [ 2 ] else [ 2; 4; 8 ])
        seeds [ 111 ]
        methods [ PcsNetOptions() ]
        teacher (Script.teacherOf "wide_resnet50_2" arguments)
        metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    }
    |> Sweep.axis "patches" [ "of the category" ] (fun _ cell -> { cell with Method = quick (PcsNetOptions.ForCategory cell.Category) })
    |> Study.withReport
        (Script.reportFolder "paper-pcsnet" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
