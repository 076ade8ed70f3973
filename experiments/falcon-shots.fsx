// FALCON against the number of photos: 1, 2, 5 and 10 good parts, three seeds each, on two categories.
//
//   ./falcon run experiments/falcon-shots.fsx                              on Falcon's drawn parts
//   ./falcon run experiments/falcon-shots.fsx --data DIR --category C --category D [--teacher FILE]
//   ./falcon plan experiments/falcon-shots.fsx                             what would be done, and why
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let images = Script.data arguments

    let study =
        experiment "falcon-shots" {
            data (images |> Data.categories (List.truncate 2 images.Categories))
            shots (if arguments.Quick then [ 1; 2 ] else [ 1; 2; 5; 10 ])
            seeds [ 0..2 ]
            methods [ FalconOptions(Epochs = if arguments.Quick then 5 else 100) ]
            teacher (Script.teacher arguments)
            metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
        }

    study
    |> Study.withReport (Script.reportFolder "falcon-shots" arguments) [ Table.perCategory ImageAuroc; Table.summary; Plot.roc ]
    |> Study.run arguments.Runtime)
