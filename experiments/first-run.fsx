// FALCON learns from 2 and from 5 photos of good parts, with three seeds each, and is tested on good and defective ones.
//
//   ./falcon run experiments/first-run.fsx                                         on Falcon's drawn parts
//   ./falcon run experiments/first-run.fsx --data DIR [--category C] [--teacher FILE]   on photos
//   dotnet fsi experiments/first-run.fsx --quick                                   the same by hand, with fewer epochs
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let study =
        experiment "first-run" {
            data (Script.data arguments)
            shots [ 2; 5 ]
            seeds [ 0..2 ]
            methods [ FalconOptions(Epochs = if arguments.Quick then 20 else 100) ]
            teacher (Script.teacher arguments)
            metrics [ ImageAuroc; ImageAp; ImageF1Max ]
        }

    study
    |> Study.withReport
        (Script.reportFolder "first-run" arguments)
        [ Table.perCategory ImageAuroc; Table.summary; Plot.roc; Gallery.overlays ]
    |> Study.run arguments.Runtime)
