// What users meet: false alarms and misses at the threshold that each detector takes from its own five photos, beside AUROC, which knows no threshold.
//
//   ./falcon run experiments/operating-point.fsx                                         on Falcon's drawn parts
//   ./falcon run experiments/operating-point.fsx --data DIR --data DIR [--teacher FILE]  on photos
//   ./falcon run experiments/operating-point.fsx --quick                                 PatchCore alone, one seed
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let study =
        experiment "operating-point" {
            dataSets (Script.dataSets arguments |> Script.smaller arguments)
            shots [ 5 ]
            seeds (if arguments.Quick then [ 0 ] else [ 0..4 ])

            methods (
                if arguments.Quick then
                    [ PatchCoreOptions() ]
                else
                    [ PatchCoreOptions(); PadimOptions(); StpmOptions(); FalconOptions(); ReverseDistillationOptions() ]
            )

            teacher (Script.teacher arguments)
            metrics [ ImageAuroc; FalseAlarms; Misses; BalancedAccuracy ]
        }

    study
    |> Study.withReport
        (Script.reportFolder "operating-point" arguments)
        [ Table.summary; Table.perCategory FalseAlarms; Table.perCategory Misses; Table.perCategory BalancedAccuracy ]
    |> Study.run arguments.Runtime)
