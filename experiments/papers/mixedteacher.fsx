// MixedTeacher (Thomine et al., VISAPP 2023, arXiv 2306.09859): the textures of MVTec AD, all good images, ResNet-18 and EfficientNet-B0, the paper's form.
// Reported beside: the paper's mean image AUROC over the five textures.
//
//   ./falcon run experiments/papers/mixedteacher.fsx --data MVTEC --teacher RESNET18+EFFICIENTNET_B0 [--category C]
//   ./falcon run experiments/papers/mixedteacher.fsx --quick                                                         on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = MixedTeacherOptions()

    experiment "paper-mixedteacher" {
        dataSets (Script.dataSets arguments |> List.map MvtecAd.onlyTextures |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 0 ]
        methods [ (if arguments.Quick then MixedTeacherOptions(options, InputSize = 64, Epochs = 2) else options) ]
        teacher (Script.teacherOf "resnet18+efficientnet_b0" arguments)
        metrics [ ImageAuroc ]
    }
    |> Study.withReport (Script.reportFolder "paper-mixedteacher" arguments) [ Table.reported; Table.perCategory ImageAuroc; Plot.roc ]
    |> Study.run arguments.Runtime)
