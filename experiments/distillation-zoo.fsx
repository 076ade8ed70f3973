// The distillation family and two statistical baselines side by side: every method at 1, 5 and all photos of good parts.
//
//   ./falcon run experiments/distillation-zoo.fsx [--data DIR --category C --teacher FILE]     hours on a processor; --quick for a look
//   ./falcon run experiments/distillation-zoo.fsx --only '*stpm*'                               one method of it
//
// MixedTeacher and EfficientAD have teachers of other kinds: they take part when 'falcon weights list' has them, and with random ones in a quick look.
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

/// The methods that a ResNet-18 teaches, with their published recipes but for what `epochs` makes of the number of passes.
let ofResNet size epochs =
    [ PatchCoreOptions(InputSize = size)
      PadimOptions(InputSize = size)
      FalconOptions(InputSize = size, Epochs = epochs 100)
      StpmOptions(InputSize = size, Epochs = epochs 100)
      ReverseDistillationOptions(Backbone = "resnet18", InputSize = size, Epochs = epochs 200)
      RememberingNormalityOptions(InputSize = size, Epochs = epochs 50)
      DbfadOptions(Backbone = "resnet18", InputSize = size, Epochs = epochs 100)
      SingleNetOptions(Epochs = epochs 50) ]

let ofOthers size epochs efficientAd =
    [ "resnet18+efficientnet_b0", MixedTeacherOptions(InputSize = size, Epochs = epochs 100)
      "pdn_small", efficientAd ]

Script.run fsi.CommandLineArgs (fun arguments ->
    let at photos trainings size epochs efficientAd =
        let taught weights methodsOfIt =
            experiment "distillation-zoo" {
                dataSets (Script.dataSets arguments |> Script.smaller arguments)
                shots photos
                seeds trainings
                methods methodsOfIt
                teacher weights
                metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
            }

        [ taught (Script.teacher arguments) (ofResNet size epochs)
          for name, methodOfIt in ofOthers size epochs efficientAd do
              let weights = Teachers.available name None

              if arguments.Quick || weights <> Teachers.random then
                  taught weights [ methodOfIt ] ]

    let studies =
        if arguments.Quick then
            at [ 1; 5 ] [ 0 ] 128 (fun _ -> 2) (EfficientAdOptions(InputSize = 64, Steps = 4L, StudentOnly = true))
        else
            // Ten passes over hundreds of photos are more steps than the published passes over a few, and hours less than those over all.
            at [ 1; 5 ] [ 0..2 ] 256 id (EfficientAdOptions())
            @ at [ Shots.All ] [ 0 ] 256 (fun _ -> 10) (EfficientAdOptions())

    Sweep.concat studies
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
