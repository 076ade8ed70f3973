// DBFAD (Thomine and Snoussi, Textile Research Journal 2024, arXiv 2401.02287): the textures of MVTec AD, all good images, a ResNet-34, the authors' recipe.
// The paper also reports AITEX, TILDA and a private set; its figures are not at hand, so that none stand beside these.
//
//   ./falcon run experiments/papers/dbfad.fsx --data MVTEC [--category C] [--teacher FILE]     needs 'falcon weights fetch resnet34'
//   ./falcon run experiments/papers/dbfad.fsx --quick                                          on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = DbfadOptions()

    experiment "paper-dbfad" {
        dataSets (Script.dataSets arguments |> List.map MvtecAd.onlyTextures |> Script.smaller arguments)
        shots [ (if arguments.Quick then 2 else Shots.All) ]
        seeds [ 0 ]
        methods [ (if arguments.Quick then DbfadOptions(options, InputSize = 64, Epochs = 2) else options) ]
        teacher (Script.teacherOf "resnet34" arguments)
        metrics [ ImageAuroc; PixelAuroc ]
    }
    |> Study.withReport
        (Script.reportFolder "paper-dbfad" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Plot.roc
          Plot.training |> Section.whereEnough ]
    |> Study.run arguments.Runtime)
