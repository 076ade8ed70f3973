// AAND (arXiv 2405.02068, IEEE TIP 2026): MVTec AD, VisA and MVTec 3D-AD, all good images, CLIP's ViT-B/16, the authors' recipe of 100 and 120 epochs with their foreground
// for each category. Their variant with a Wide-ResNet-50-2, which is Falcon's default, has no published figures.
// Reported beside: image and pixel AUROC of the logs in the authors' repository, at the epoch that is best on the test images; Falcon keeps the last one.
//
//   ./falcon run experiments/papers/aand.fsx --data MVTEC [--data VISA] [--category C] [--teacher FILE]     needs 'falcon weights fetch clip_vit_b_16'
//   ./falcon run experiments/papers/aand.fsx --quick                                                         on one category, to see that it runs
//
// Defects are made of the textures in the folder that the variable DTD names, that of the Describable Textures Dataset, or of noise and the training images.
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let textures = string (System.Environment.GetEnvironmentVariable "DTD")

    let options category =
        let published = AandOptions(AandOptions.ForCategory category, Backbone = "clip_vit_b_16", Textures = textures)

        if arguments.Quick then
            AandOptions(published, Backbone = "clip_vit_p16_w64_h4_d6_g4_o32", InputSize = 64, Epochs = 1, AmplificationEpochs = 1)
        else
            published

    experiment "paper-aand" {
        dataSets (Script.dataSets arguments |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 111 ]
        methods [ options "" ]
        teacher (Script.teacherOf "clip_vit_b_16" arguments)
        metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    }
    |> Sweep.axis "foreground" [ "of the category" ] (fun _ cell -> { cell with Method = options cell.Category })
    |> Study.withReport
        (Script.reportFolder "paper-aand" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
