// AnomalyDINO (Damm et al., WACV 2025, arXiv 2405.14529): MVTec AD and VisA with 1, 2, 4, 8 and 16 good images and three draws, DINOv2 ViT-S/14 at 448×448, good
// images turned in eight directions, the background masked for the authors' categories.
// Reported beside: image AUROC of the paper's abstract, mean over MVTec AD's categories. Masked categories are rows of their own here.
//
//   ./falcon run experiments/papers/anomalydino.fsx --data MVTEC [--data VISA] [--category C] [--teacher FILE]     needs 'falcon weights fetch dinov2_vits14'
//   ./falcon run experiments/papers/anomalydino.fsx --quick                                                       on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let quick (options: AnomalyDinoOptions) =
        if arguments.Quick then AnomalyDinoOptions(options, InputSize = 112, Rotations = 2) else options

    experiment "paper-anomalydino" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots (if arguments.Quick then [ 1 ] else [ 1; 2; 4; 8; 16 ])
        seeds (if arguments.Quick then [ 0 ] else [ 0; 1; 2 ])
        methods [ AnomalyDinoOptions() ]
        teacher (Script.teacherOf "dinov2_vits14" arguments)
        metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    }
    |> Sweep.axis "masks" [ "of the category" ] (fun _ cell -> { cell with Method = quick (AnomalyDinoOptions.ForCategory cell.Category) })
    |> Study.withReport
        (Script.reportFolder "paper-anomalydino" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
