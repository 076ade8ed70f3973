// EfficientAD (Batzner et al., WACV 2024, arXiv 2303.14535): MVTec AD and VisA, all good images, small and medium networks, 70 000 steps.
// Reported beside: the paper's means of image AUROC, and image AUROC and AUPRO of the re-implementation nelson1425/EfficientAD for each category of MVTec AD.
//
//   ./falcon run experiments/papers/efficientad.fsx --data MVTEC --data VISA [--category C] [--teacher SMALL]
//   ./falcon run experiments/papers/efficientad.fsx --quick                                                      on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

/// The paper's penalty images are ImageNet's: name a folder of varied everyday images, without which accuracy is lost.
let penaltyImages = ""

/// The teacher of the medium network, distilled by 'falcon pretrain pdn' or published; that of the small one is --teacher.
let mediumTeacher: string option = None

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = EfficientAdOptions(PenaltyImages = penaltyImages)

    // The autoencoder needs 256 pixels, which takes minutes: a quick run leaves it out.
    let options =
        if arguments.Quick then
            EfficientAdOptions(options, Steps = 4L, InputSize = 64, StudentOnly = true)
        else
            options

    let small =
        experiment "paper-efficientad" {
            dataSets (Script.dataSets arguments |> Script.smaller arguments)
            shots [ (if arguments.Quick then 2 else Shots.All) ]
            seeds [ 0 ]
            methods [ options ]
            teacher (Script.teacherOf "pdn_small" arguments)
            metrics [ ImageAuroc; Aupro 0.3 ]
        }

    let medium =
        { small with
            Methods = [ EfficientAdOptions(options, Backbone = "pdn_medium") ]
            Teacher = Teacher.available "pdn_medium" mediumTeacher }

    Sweep.concat (if arguments.Quick then [ small ] else [ small; medium ])
    |> Study.withReport
        (Script.reportFolder "paper-efficientad" arguments)
        [ Table.reported; Table.perCategory ImageAuroc; Table.perCategory (Aupro 0.3); Plot.roc ]
    |> Study.run arguments.Runtime)
