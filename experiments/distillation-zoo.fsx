// The distillation family and two statistical baselines side by side: every method at 1, 5 and all photos of good parts.
//
//   ./falcon run experiments/distillation-zoo.fsx [--data DIR --category C --teacher FILE]     hours on a processor; --quick for a look
//   ./falcon run experiments/distillation-zoo.fsx --only '*stpm*'                               one method of it
#load "falcon.fsx"

open Falcon.Experiments

/// The methods that a ResNet-18 teaches, with their published recipes but for what `epochs` makes of the number of passes.
let zoo size epochs =
    [ Method.patchCore (PatchCoreOptions(InputSize = size))
      Method.padim (PadimOptions(InputSize = size))
      Method.falcon (FalconOptions(InputSize = size, Epochs = epochs 100))
      Method.stpm (StpmOptions(InputSize = size, Epochs = epochs 100))
      Method.reverseDistillation (ReverseDistillationOptions(Backbone = "resnet18", InputSize = size, Epochs = epochs 200))
      Method.rememberingNormality (RememberingNormalityOptions(InputSize = size, Epochs = epochs 50))
      Method.dbfad (DbfadOptions(Backbone = "resnet18", InputSize = size, Epochs = epochs 100))
      Method.singleNet (SingleNetOptions(Epochs = epochs 50)) ]

Script.run fsi.CommandLineArgs (fun arguments ->
    let at photos trainings methodsOfZoo =
        experiment "distillation-zoo" {
            dataSets (Script.dataSets arguments |> Script.smaller arguments)
            shots photos
            seeds trainings
            methods methodsOfZoo
            teacher (Script.teacher arguments)
            metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
        }

    let study: IStudy =
        if arguments.Quick then
            at [ 1; 5 ] [ 0 ] (zoo 128 (fun _ -> 2))
        else
            // Ten passes over hundreds of photos are more steps than the published passes over a few, and hours less than those over all.
            Sweep.append (at [ Shots.All ] [ 0 ] (zoo 256 (fun _ -> 10))) (at [ 1; 5 ] [ 0..2 ] (zoo 256 id))

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
