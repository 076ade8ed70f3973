// The distillation family and two statistical baselines side by side: every method at 1, 5 and all photos of good parts.
//
//   ./falcon run experiments/distillation-zoo.fsx [--data DIR --category C --teacher FILE]     hours on a processor; --quick for a look
//   ./falcon run experiments/distillation-zoo.fsx --only '*stpm*'                               one method of it
#load "falcon.fsx"

open Falcon.Experiments

/// All methods that a ResNet-18 teaches, with their published recipes, or with few passes.
let zoo quick =
    if quick then
        [ Method.patchCore (PatchCoreOptions(InputSize = 128))
          Method.padim (PadimOptions(InputSize = 128))
          Method.falcon (FalconOptions(InputSize = 128, Epochs = 2))
          Method.stpm (StpmOptions(InputSize = 128, Epochs = 2))
          Method.reverseDistillation (ReverseDistillationOptions(Backbone = "resnet18", InputSize = 128, Epochs = 2))
          Method.rememberingNormality (RememberingNormalityOptions(InputSize = 128, Epochs = 2))
          Method.singleNet (SingleNetOptions(InputSize = 128, Epochs = 2)) ]
    else
        [ Method.patchCore (PatchCoreOptions())
          Method.padim (PadimOptions())
          Method.falcon (FalconOptions())
          Method.stpm (StpmOptions())
          Method.reverseDistillation (ReverseDistillationOptions(Backbone = "resnet18"))
          Method.rememberingNormality (RememberingNormalityOptions())
          Method.singleNet (SingleNetOptions()) ]

Script.run fsi.CommandLineArgs (fun arguments ->
    let study =
        experiment "distillation-zoo" {
            data (Script.data arguments)
            shots (if arguments.Quick then [ 1; 5 ] else [ 1; 5; Shots.All ])
            seeds (if arguments.Quick then [ 0 ] else [ 0..2 ])
            methods (zoo arguments.Quick)
            teacher (Script.teacher arguments)
            metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
        }

    study
    |> Study.run arguments.Runtime
    |> Report.write
        (Script.reportFolder "distillation-zoo" arguments)
        [ Table.summary
          Table.perCategory ImageAuroc
          Table.comparisons ImageAuroc
          Plot.roc
          Plot.shots ImageAuroc
          Plot.criticalDifference ImageAuroc
          Plot.cost ImageAuroc ])
